"""The history as web pages, and the receiver of SendGrid's Event Webhook. Needs mailwatch[serve].

site.py           what is shown, to whom, and the addresses of it
guard.py          what every request has to pass: host, method, size, token
server.py         uvicorn, with limits for slow clients and many connections
webhook.py        POST /sendgrid/events: signature, age, what is counted of an event
committer.py      many requests in one transaction, and no answer before it is committed
stored_report.py  a stored run as a report, which is drawn by reports/html
pages.py          each page             page_markup.py  what they add to the report's own parts
plot.py           hours as SVG          metrics.py      /metrics

Read-only but for the webhook. Everything that a stranger may have chosen is escaped, and the pages
have no script.
"""
