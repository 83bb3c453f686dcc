"""Where a report is sent besides stdout and files: mail, chats, webhooks, a pager, a heartbeat.

problem.py    what is wrong in a report: findings of one cause together
life.py       what there is to say about a problem now: new, worse, still there, over
notice_state.py   what each channel has heard, kept between runs
notice.py     one message: what it says, in plain text
posting.py    a POST, bounded and tried again        sending.py   all channels at once
webhook.py slack.py teams.py pagerduty.py apprise_services.py mail_message.py smtp.py mail_api.py
"""
