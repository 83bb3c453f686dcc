PRAGMA application_id = 1836542051;
PRAGMA user_version = 3;
BEGIN TRANSACTION;
CREATE TABLE days (
        series INTEGER NOT NULL, day INTEGER NOT NULL, value REAL, word TEXT,
        numerator INTEGER, denominator INTEGER, PRIMARY KEY (series, day)) WITHOUT ROWID;
INSERT INTO "days" VALUES(1,739943,NULL,NULL,1,10);
INSERT INTO "days" VALUES(1,739944,NULL,NULL,2,10);
INSERT INTO "days" VALUES(2,739944,3.0,NULL,NULL,NULL);
INSERT INTO "days" VALUES(3,739944,NULL,NULL,3,10);
CREATE TABLE event_counts (
        hour INTEGER NOT NULL, subuser TEXT NOT NULL, domain TEXT NOT NULL, event TEXT NOT NULL,
        n INTEGER NOT NULL, PRIMARY KEY (hour, subuser, domain, event)) WITHOUT ROWID;
INSERT INTO "event_counts" VALUES(498000,'','a.example','bounce',1);
CREATE TABLE event_ids (
        hour INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (hour, id)) WITHOUT ROWID;
INSERT INTO "event_ids" VALUES(498000,-649571662916077706);
CREATE TABLE findings (
        run INTEGER NOT NULL, place INTEGER NOT NULL, series INTEGER NOT NULL, level TEXT NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (run, place)) WITHOUT ROWID;
INSERT INTO "findings" VALUES(1,0,1,'ok','{"measurement":{"metric":"sendgrid.a","subject":{},"value":0.2,"numerator":2,"denominator":10,"window":["2026-11-24","2026-11-24"]},"reason":{"code":"judge.ideal","values":[["value",{"code":"verbatim","values":[["text","0.2"]]}],["limit",{"code":"verbatim","values":[["text","≤ 1"]]}]]},"ideal":"<= 1","act":"> 2"}');
INSERT INTO "findings" VALUES(1,1,2,'breach','{"measurement":{"metric":"dns.a","subject":{},"value":3},"reason":{"code":"judge.act","values":[["value",{"code":"verbatim","values":[["text","3"]]}],["limit",{"code":"verbatim","values":[["text","> 2"]]}]]},"ideal":"<= 1","act":"> 2"}');
INSERT INTO "findings" VALUES(1,2,3,'ok','{"measurement":{"metric":"sendgrid.a","subject":{"subuser":"ニュース"},"value":0.3,"numerator":3,"denominator":10,"window":["2026-11-24","2026-11-24"]},"reason":{"code":"judge.ideal","values":[["value",{"code":"verbatim","values":[["text","0.3"]]}],["limit",{"code":"verbatim","values":[["text","≤ 1"]]}]]},"ideal":"<= 1","act":"> 2"}');
CREATE TABLE keepsakes (
        place TEXT NOT NULL, id INTEGER NOT NULL, day INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (place, id)) WITHOUT ROWID;
INSERT INTO "keepsakes" VALUES('dmarc dmarc@imap.example.com/INBOX',-5,739944,'{"day":739944}');
CREATE TABLE records (
        name TEXT NOT NULL, rdtype TEXT NOT NULL, first_run INTEGER NOT NULL,
        last_run INTEGER NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (name, rdtype, first_run)) WITHOUT ROWID;
INSERT INTO "records" VALUES('example.com','TXT',1,1,'2026-11-24','2026-11-24','["v=spf1 -all"]');
CREATE TABLE runs (
        id INTEGER PRIMARY KEY, moment TEXT NOT NULL, generated_at TEXT NOT NULL, as_of TEXT,
        verdict TEXT NOT NULL, exit_code INTEGER NOT NULL, sources TEXT NOT NULL,
        settings INTEGER NOT NULL);
INSERT INTO "runs" VALUES(1,'2026-11-24T12:00:00+00:00','2026-11-24T12:00:00Z',NULL,'breach',1,'{"sendgrid":{"state":"ok","seconds":0.0,"counts":{"calls":0}},"dns":{"state":"ok","seconds":0.0,"counts":{"calls":0}}}',1);
CREATE TABLE series (
        id INTEGER PRIMARY KEY, check_id TEXT NOT NULL, subject TEXT NOT NULL,
        UNIQUE (check_id, subject));
INSERT INTO "series" VALUES(1,'sendgrid.a','{}');
INSERT INTO "series" VALUES(2,'dns.a','{}');
INSERT INTO "series" VALUES(3,'sendgrid.a','{"subuser":"ニュース"}');
CREATE TABLE settings (
        id INTEGER PRIMARY KEY, body TEXT NOT NULL);
INSERT INTO "settings" VALUES(1,'{"a":"1"}');
CREATE TABLE standings (
        series INTEGER PRIMARY KEY, level TEXT NOT NULL, since TEXT NOT NULL, opened TEXT,
        unknown_since TEXT);
INSERT INTO "standings" VALUES(1,'ok','2026-11-24',NULL,NULL);
INSERT INTO "standings" VALUES(2,'breach','2026-11-24','2026-11-24',NULL);
INSERT INTO "standings" VALUES(3,'ok','2026-11-24',NULL,NULL);
COMMIT;
