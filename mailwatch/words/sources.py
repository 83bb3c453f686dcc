"""Messages about what can go wrong with any source."""

PHRASES: dict[str, tuple[str, str]] = {
    "http.redirect": (
        "{host} sent a redirect to {place}. It was not followed, because the credential would be "
        "sent there too. Check the address in the configuration.",
        "{host} が {place} へのリダイレクトを返しました。認証情報を渡さないため追跡していません。"
        "設定のアドレスを確認してください。",
    ),
    "http.too_large": (
        "The answer is larger than {limit} MiB or has too many values, so it was not read. "
        "Check that the address is that of the API.",
        "応答が {limit} MiB を超えるか値が多すぎるため、読み込みを中止しました。"
        "アドレスが正しいか確認してください。",
    ),
    "http.timeout": (
        "{host} did not answer in time. Try again later, or allow more time with --timeout.",
        "{host} が時間内に応答しませんでした。時間をおいて再実行するか、"
        "--timeout を長くしてください。",
    ),
    "http.refused": (
        "{host} refused the connection. Check the address and the network.",
        "{host} に接続を拒否されました。アドレスとネットワークを確認してください。",
    ),
    "http.no_such_host": (
        "The name {host} could not be resolved. Check the address, the resolver and the network.",
        "{host} の名前を解決できませんでした。アドレス、リゾルバ、ネットワークを確認してください。",
    ),
    "http.tls": (
        "Could not make a trusted TLS connection to {host}. Check the clock, the proxy and the "
        "certificates of this machine.",
        "{host} と信頼できる TLS 接続を確立できませんでした。このマシンの時刻、プロキシ、"
        "証明書を確認してください。",
    ),
    "http.cut_short": (
        "The answer from {host} was incomplete. Try again later.",
        "{host} の応答が途中で切れました。時間をおいて再実行してください。",
    ),
    "http.broken": (
        "The connection to {host} was lost. Try again later.",
        "{host} との接続が切れました。時間をおいて再実行してください。",
    ),
    "http.not_json": (
        "{host} did not answer with the JSON that its API documents. Check the address. A proxy "
        "or a login page may have answered instead.",
        "{host} の応答が API の仕様どおりの JSON ではありません。アドレスを確認してください。"
        "プロキシやログインページが間に入っている可能性があります。",
    ),
    "http.server_error": (
        "{host} answered {status} ({reason}), an error of the server. Try again later.",
        "{host} が {status} ({reason}) を返しました。サーバ側の障害です。"
        "時間をおいて再実行してください。",
    ),
    "http.rate_limited": (
        "{host} answered 429: too many requests. Try again later, or less often.",
        "{host} が 429 (リクエスト過多) を返しました。時間をおいて再実行するか、"
        "頻度を下げてください。",
    ),
    "http.unexpected": (
        "{host} answered {status} ({reason}). Check the address and the configuration.",
        "{host} が {status} ({reason}) を返しました。アドレスと設定を確認してください。",
    ),
    "run.unanswered": (
        "Not answered in time. Allow more time with --timeout.",
        "制限時間内に応答がありませんでした。--timeout を長くしてください。",
    ),
    "run.out_of_time": (
        "Not finished after {seconds} s, so it was stopped. Allow more time with --timeout.",
        "{seconds} 秒以内に終わらなかったため中止しました。--timeout を長くしてください。",
    ),
    "run.not_measured": (
        "The source did not send this figure.",
        "この値は取得元の応答に含まれていませんでした。",
    ),
    "run.not_configured": (
        "Not configured.",
        "設定されていません。",
    ),
    "run.outdated": (
        "Figures are too old to be judged: the newest of them is for {day}, {age:day/days} ago. "
        "Check whether new data still arrives.",
        "データが古すぎて判定できない指標があります。最も新しいものでも {day} ({age} 日前) です。"
        "新しいデータが届いているか確認してください。",
    ),
    "run.some_failed": (
        "{first} (and {more:more problem/more problems})",
        "{first} (ほか {more} 件)",
    ),
    "run.crashed": (
        "This is a bug in mailwatch ({kind}). Run it again with -v -v and report it.",
        "mailwatch 自体の不具合です ({kind})。-v -v を付けて再実行し、報告してください。",
    ),
    "secret.variable_not_set": (
        "The variable {name} is not set",
        "環境変数 {name} が未設定",
    ),
    "secret.empty": ("{place} is empty", "{place} が空"),
    "secret.odd_characters": (
        "{place} has characters that a key cannot have (such as a space)",
        "{place} に空白などキーに使えない文字あり",
    ),
    "secret.too_large": (
        "{place} is larger than {most:,} bytes",
        "{place} のサイズが {most:,} バイトを超過",
    ),
    "secret.not_text": ("{place} is not a text file", "{place} がテキストファイルではない"),
    "secret.unreadable": ("{place} cannot be read: {why}", "{place} を読み取れない: {why}"),
    "secret.not_run": ("{place} cannot be run: {why}", "{place} を実行できない: {why}"),
    "secret.no_such_file": ("No such file or directory", "ファイルが存在しない"),
    "secret.permission_denied": ("Permission denied", "アクセス権限がない"),
    "secret.is_a_folder": ("Is a directory", "ファイルではなくフォルダ"),
    "secret.pipe_too_slow": (
        "it did not end within {seconds} s",
        "{seconds} 秒以内に読み終わらない",
    ),
    "secret.open_quote": (
        "a quotation mark is not closed",
        "引用符が閉じられていない",
    ),
    "secret.command_failed": (
        "{place} ended with status {status}",
        "{place} が終了コード {status} で失敗",
    ),
    "secret.prints_too_much": (
        "{place} prints more than {most:,} bytes",
        "{place} の出力が {most:,} バイトを超過",
    ),
    "secret.command_too_slow": (
        "{place} did not end within {seconds} s; it must not ask for a password",
        "{place} が {seconds} 秒以内に終わらない。パスワードの入力を求めるコマンドは使用不可",
    ),
}
