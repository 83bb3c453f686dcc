# mailwatch in a container: docker build -t mailwatch . && docker run --rm mailwatch demo
FROM python:3.12-slim AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/mailwatch \
    && /opt/mailwatch/bin/pip install --no-cache-dir --constraint constraints.txt .

FROM python:3.12-slim
COPY --from=build /opt/mailwatch /opt/mailwatch
RUN useradd --create-home --uid 10001 mailwatch
ENV PATH="/opt/mailwatch/bin:$PATH" PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# by number, so that Kubernetes can see that it is not root
USER 10001
WORKDIR /home/mailwatch
ENTRYPOINT ["mailwatch"]
CMD ["check"]
