"""Every number of the Portal in one place; the rule's name in security.md stands in each name (P1-P24)."""

from typing import Final

# Passwords
P1_PASSWORD_SHORTEST: Final = 10  # code points after NFKC
P1_PASSWORD_LONGEST: Final = 128
P2_ARGON2_TIME_COST: Final = 2
P2_ARGON2_MEMORY_KIB: Final = 19456
P2_ARGON2_PARALLELISM: Final = 1
P3_BLOCKLIST_SMALLEST: Final = 20_000
P4_TEMPORARY_PASSWORD_LENGTH: Final = 16
P4_TEMPORARY_PASSWORD_SYMBOLS: Final = 31

# Invites
P5_INVITE_MONTHS: Final = 2
P5_REMINDER_DAYS: Final = 7
P6_TEMPORARY_PASSWORD_TRIES: Final = 10
P17_INVITES_PER_INVITER_PER_HOUR: Final = 20
P17_INVITES_PER_CENTRE_PER_DAY: Final = 100
P17_RESEND_SECONDS: Final = 300
P17_RESENDS_PER_DAY: Final = 5
INV6_PREVIEW_MINUTES: Final = 60  # a file that was checked and not sent by then is forgotten

# Codes
P7_RESET_CODE_DIGITS: Final = 8
P7_RESET_CODE_MINUTES: Final = 30
P7_RESET_CODE_TRIES: Final = 5
P8_CODE_DIGITS: Final = 6
P8_CODE_MINUTES: Final = 10
P8_CODE_TRIES: Final = 5
P9_TOTP_SECRET_BYTES: Final = 20
P9_TOTP_STEP_SECONDS: Final = 30
P9_TOTP_DIGITS: Final = 6
P9_TOTP_STEPS_BEHIND: Final = 1
P10_RECOVERY_CODES: Final = 10
P10_RECOVERY_CODE_BITS: Final = 80
P10_FEW_LEFT: Final = 3
MFA5_HOLD_HOURS: Final = 24  # after a reset, for somebody whose only method is e-mail
A155_NUMBER_WAIT_HOURS: Final = 72  # a changed number proves nothing afresh
PASSKEYS_PER_PERSON: Final = 5
FREEZE_REFERENCE_DAYS: Final = 7
FACTOR_RESET_HOURS: Final = 24  # what was asked for and not decided by then is over

# Guessing
P11_PASSWORD_FAILURES: Final = 10
P11_WINDOW_MINUTES: Final = 15
P11_PAUSE_MINUTES: Final = 15
P11_FAILURES_IN_A_ROW: Final = 100
P11_FAILURES_OF_KNOWN_BROWSER: Final = 10
P12_ADDRESS_FAILURES: Final = 100
P12_WINDOW_MINUTES: Final = 15
P12_ALARM_FAILURES: Final = 1000
P12_ALARM_WINDOW_MINUTES: Final = 5
P13_FAILURES_PER_CHALLENGE: Final = 5
P13_FACTOR_FAILURES_PER_5_MINUTES: Final = 5
P13_FACTOR_FAILURES_PER_HOUR: Final = 20
P13_FACTOR_FAILURES_PER_DAY: Final = 50
P13_FACTOR_FAILURES_IN_A_ROW: Final = 100
P6_TRIES_KEPT_DAYS: Final = 3650  # the tries of a temporary password are those of its whole life
A06_TRIES_WITHOUT_INVITE: Final = 1_000_000_000  # a day: never refused, written so that time tells nothing
A51_PASSKEY_ANSWER_LONGEST: Final = 16_384  # characters; the largest real ones, with a chain of certificates, have some 8,000
MFA2_PASSKEY_NAME_LONGEST: Final = 64
P14_RESETS_PER_MINUTE: Final = 1
P14_RESETS_PER_HOUR: Final = 5
P14_RESETS_PER_DAY: Final = 10
P14_RESETS_PER_ADDRESS_PER_HOUR: Final = 60
A03_EVEN_ANSWER_MILLISECONDS: Final = 40  # three times what a reset's steps take on this class of machine
P15_RESEND_SECONDS: Final = 60
P15_RESENDS_PER_HOUR: Final = 5
P15_RESENDS_PER_DAY: Final = 10
P16_SMS_PER_NUMBER_PER_DAY: Final = 10
P16_SMS_PER_PERSON_PER_DAY: Final = 10
P16_SMS_PER_CENTRE_PER_DAY: Final = 100
P16_SMS_BUDGET_PER_DAY: Final = 2000
P16_SMS_BUDGET_ALARM_PERCENT: Final = 50
P16_SMS_BUDGET_STOP_PERCENT: Final = 100
F20_TEXT_SECONDS: Final = 20  # a text that has not left by then is said to have failed

# Sessions
P18_IDLE_MINUTES: Final = 30
P18_STAFF_IDLE_MINUTES: Final = 15
P18_ABSOLUTE_HOURS: Final = 8
P18_HALF_SIGNED_IN_MINUTES: Final = 10
P18_RESET_STEP_MINUTES: Final = 10
P19_FRESH_CREDENTIALS_MINUTES: Final = 5
P19_FRESH_SENSITIVE_MINUTES: Final = 15
P20_PARALLEL_SESSIONS: Final = 5

# Bodies
P21_FORM_BYTES: Final = 256 * 1024
P21_UPLOAD_BYTES: Final = 5 * 1024 * 1024
P21_FIELDS: Final = 200
P21_FILES: Final = 5  # in one form
P21_CSV_ROWS: Final = 500
P21_UNPACKED_BYTES: Final = 50 * 1024 * 1024
P21_UNPACKED_ENTRIES: Final = 200
P21_UNPACKED_RATIO: Final = 100

# Clock
P22_CLOCK_SKEW_SECONDS: Final = 2  # nothing under embargo is shown, and an alarm is due
F22_NOT_READY_SKEW_SECONDS: Final = 30  # a step of authenticator apps: further off, codes that are right are refused

# Outbox
P23_LEASE_SECONDS: Final = 120
P23_SWEEP_SECONDS: Final = 30
P23_LEASES_SECONDS: Final = 10  # how often leases that are over are looked for between two sweeps
P23_RETRY_SECONDS: Final = (10, 30, 60, 120, 300, 600, 1800, 3600)  # then hourly, for a day
P23_GIVE_UP_HOURS: Final = 24
P23_TRIES: Final = 12
P23_EXPIRY_SECONDS: Final = 60  # how often what nobody needs any more is looked for
P23_BATCH: Final = 50  # messages taken at once
P23_BATCH_SECONDS: Final = 5  # after which the rest of them is given back, so that a slow provider holds up no code
P23_RECORD_SECONDS: Final = 10  # how long a provider's yes is held in hand while the database is away
P23_HAND_OUT: Final = 200  # calls of one sweep to each queue
F26_FALLS: Final = 5  # errors of our own or ended processes, after which a message is given up
BREAKER_FAILURES: Final = 5  # bad sends in a row
BREAKER_SECONDS: Final = 30
CANARY_SECONDS: Final = 10  # how often each worker shows that it still works
CANARY_RESTART_SECONDS: Final = 40  # without a sign, though the broker answers: the worker ends, to be started anew
CANARY_LATE_SECONDS: Final = 60
MAIL_IDLE_SECONDS: Final = 30  # after which an open connection is not trusted any more

# Webhooks
A148_WEBHOOK_MINUTES: Final = 5  # a signature older or younger than this counts for nothing
WEBHOOK_EVENTS_AT_ONCE: Final = 500
WEBHOOK_EVENTS_KEPT_DAYS: Final = 90
WEBHOOK_WAIT_HOURS: Final = 24  # how long an event waits for its message to become known
WEBHOOK_APPLY_SECONDS: Final = 60  # how soon an event that came too early is applied
WEBHOOK_REFUSALS_KEPT_PER_HOUR: Final = 10  # events in the trail for each address

# Time-outs, seconds
P24_PROVIDER_SECONDS: Final = 10
P24_TASK_SOFT_SECONDS: Final = 30
P24_TASK_HARD_SECONDS: Final = 60
P24_PUBLISH_SECONDS: Final = 0.5
P24_STATEMENT_WEB_SECONDS: Final = 5
P24_STATEMENT_WORKER_SECONDS: Final = 30
P24_LOCK_SECONDS: Final = 2  # of a migration too (F29)
P24_CONNECT_SECONDS: Final = 5  # to all hosts of the database together
F33_SILENT_SECONDS: Final = 20  # after which a database that answers nothing at all counts as gone

# Audit trail
AUDIT_CHAIN_SECONDS: Final = 30
AUDIT_LINKS_AT_ONCE: Final = 1000
AUDIT_LATEST_EVENTS: Final = 100_000  # among them the job looks for events that were committed late

# Change of Exams Officer
SUCCESSION_CONFIRM_DAYS: Final = 14  # for the head of centre
SUCCESSION_DECIDE_DAYS: Final = 30  # for the help desk, after that
SUCCESSION_ASKED_PER_DAY: Final = 3  # by one centre; each writes to an address that was typed
SUCCESSION_TRIES_PER_HOUR: Final = 20  # wrong references from one address

# Help desk
HELP1_SEARCH_LONGEST: Final = 100  # characters of a search in a list of the help desk

# Test e-mails
HELP2_TEST_SECONDS: Final = 60  # between two to oneself
HELP2_TESTS_PER_DAY: Final = 10

# Access: requests, review, register, trail
ROLE_PURPOSE_LONGEST: Final = 500
ROLE_REASON_LONGEST: Final = 500
ROLE_REQUESTS_PER_DAY: Final = 10  # each writes to up to four people
ROLE_ANSWERED_SHOWN: Final = 20
AUD_PAGE: Final = 50
AUD_EXPORT_ROWS: Final = 10_000
MAN4_DORMANT_DAYS: Final = 90
MAN4_REVIEW_DAYS: Final = 42  # from the first day of a term
MAN4_LAST_REMINDER_DAYS: Final = 14  # before the review is due
MAN4_REMINDERS_AT_ONCE: Final = 200
MAN4_PAGE: Final = 50

# Results
SVC5_PAGE: Final = 50  # candidates on a page
SVC5_PRINT_PAGE: Final = 500  # on one to be printed
SVC5_RELEASE_REASON_LONGEST: Final = 500
SVC9_RESULTS_DAY_SHOWN_DAYS: Final = 1  # after it has begun

# Files that staff publish
SVC5_LINE_BYTES: Final = 2000
SVC5_ROWS: Final = 600_000  # of one file of results
SVC5_OPTIONS: Final = 5_000  # of one file of basedata, as components
SVC5_ENTRIES: Final = 50_000  # of one file, which is loaded while its sender waits
SVC5_ROWS_OF_A_CENTRE: Final = 50_000  # one centre is all that is held in memory
SVC5_ROWS_AT_ONCE: Final = 2_000
SVC5_ERRORS_SHOWN: Final = 200
SVC5_IMPORT_HOURS: Final = 24  # a file that nobody published by then is deleted
SVC5_IMPORT_SECONDS: Final = 1800  # after which a worker gives a file up, to try again
SVC5_IMPORT_WAKE_SECONDS: Final = 60  # how often files are looked for that were announced and not done
SVC5_IMPORT_GAPS_SECONDS: Final = (60, 120, 300, 900, 3600)  # until a file is announced again, each time longer, then hourly
SVC5_IMPORT_TRIES: Final = 6  # after which a file is given up, and staff are told on its page
SVC5_IMPORTS_AT_ONCE: Final = 10
SVC5_STRAY_MINUTES: Final = 2 * 1440  # after which bytes on the disk that no row needs are removed: no transaction takes as long
SVC5_EMBARGO_DAYS: Final = 31  # no embargo lasts as long: lines of the trail that told of one are then anybody's who reads the trail
SVC6_ROWS: Final = 150_000  # of one file of boundaries or items
SVC6_MARKS: Final = 3_000_000  # of one file of marks for items
SVC6_MARKS_OF_A_CENTRE: Final = 500_000  # one centre is all that is held in memory
SVC6_PAGE: Final = 50  # candidates or qualifications on a page
SVC6_SMALL_GROUP: Final = 3  # people from which on a group's figures are shown
SVC7_PDF_BYTES: Final = 5 * 1024 * 1024  # of one script or paper, as any upload (P21)
SVC7_PDF_INSIDE_BYTES: Final = 20 * 1024 * 1024  # of packed objects, unpacked to be looked at
SVC7_PDF_PACKED: Final = 1000  # packed groups of objects

# Scripts, papers, dates
SVC7_PAGE: Final = 50  # candidates with scripts on a page
SVC8_PAGE: Final = 50  # resources on a page
SVC8_PAPER_MINUTES_BEFORE: Final = 60  # the start of its exam, when a question paper opens to entered centres
SVC8_ZIP_FILES: Final = 20  # of one selection
SVC8_ZIP_BYTES: Final = 50 * 1024 * 1024  # of one selection
SVC8_ZIP_MINUTES: Final = 30  # after the last time that somebody asked for it
SVC8_ZIP_PURGE_SECONDS: Final = 300  # how often zip files that nobody asks for are removed
SVC8_ZIPS_PER_HOUR: Final = 30  # by one person
SVC9_FEED_READS_PER_HOUR: Final = 60  # of one calendar address
SVC9_FEED_PAST_DAYS: Final = 92  # how long a date that has passed stays in the calendar
SVC9_DATES_SHOWN: Final = 200

# Quarantine
A130_SCAN_SECONDS: Final = 30  # how often files in quarantine are looked for
A130_SCANS_AT_ONCE: Final = 50
A130_SILENT_SCANS: Final = 3  # without a verdict, after which the scanner is left alone until the next time
