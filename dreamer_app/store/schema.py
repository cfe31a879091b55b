"""The tables of the journal database, one ordered list of migrations per table family.

A migration that was ever released is never changed: a later one mends it. Nothing here reads or writes rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sqlite_utils

from dreamer_app.store.db import Migration


def _statements(*statements: str) -> Callable[[sqlite_utils.Database], None]:
    def change(db: sqlite_utils.Database) -> None:
        for statement in statements:
            db.execute(statement)

    return change


NIGHTS: Sequence[Migration] = (
    (
        "nights-1",
        _statements(
            """CREATE TABLE night (
                id TEXT PRIMARY KEY, started_at TEXT NOT NULL, ended_at TEXT, end TEXT,
                libraries TEXT NOT NULL, seed INTEGER NOT NULL, figures TEXT NOT NULL)""",
        ),
    ),
)

DREAMS: Sequence[Migration] = (
    (
        "dreams-1",
        _statements(
            """CREATE TABLE dream (
                id TEXT PRIMARY KEY, night_id TEXT NOT NULL,
                created_at TEXT NOT NULL, changed_at TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('running', 'verified', 'failed', 'interrupted')),
                review TEXT NOT NULL DEFAULT 'pending' CHECK (review IN ('pending', 'approved', 'rejected')),
                tier TEXT, stopped_by TEXT, title TEXT NOT NULL, pattern TEXT NOT NULL, origin TEXT NOT NULL,
                scenario TEXT NOT NULL, requirements TEXT NOT NULL, provenance TEXT NOT NULL, cost TEXT NOT NULL,
                voided INTEGER NOT NULL DEFAULT 0, folder_stale INTEGER NOT NULL DEFAULT 0)""",
            "CREATE INDEX dream_by_state ON dream (state, created_at)",
            "CREATE INDEX dream_by_night ON dream (night_id)",
            """CREATE TABLE dream_library (
                dream_id TEXT NOT NULL REFERENCES dream (id) ON DELETE CASCADE,
                name TEXT NOT NULL, version TEXT NOT NULL, PRIMARY KEY (dream_id, name)) WITHOUT ROWID""",
            """CREATE TABLE dream_api (
                dream_id TEXT NOT NULL REFERENCES dream (id) ON DELETE CASCADE,
                name TEXT NOT NULL, library TEXT NOT NULL, PRIMARY KEY (dream_id, name)) WITHOUT ROWID""",
            """CREATE VIEW dream_summary AS SELECT id, title, state, review, tier, origin, pattern, night_id,
                created_at, stopped_by, (SELECT group_concat(name || ' ' || version, char(10)) FROM
                (SELECT name, version FROM dream_library WHERE dream_id = dream.id ORDER BY name)) AS libraries
                FROM dream""",
        ),
    ),
)

ATTEMPTS: Sequence[Migration] = (
    (
        "attempts-1",
        _statements(
            """CREATE TABLE attempt (
                id INTEGER PRIMARY KEY, dream_id TEXT NOT NULL REFERENCES dream (id) ON DELETE CASCADE,
                n INTEGER NOT NULL, purpose TEXT NOT NULL CHECK (purpose IN ('dream', 'again')),
                started_at TEXT NOT NULL, coder TEXT NOT NULL, solution TEXT NOT NULL,
                accepted INTEGER, tier TEXT, UNIQUE (dream_id, n))""",
            """CREATE TABLE receipt (
                attempt_id INTEGER NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
                n INTEGER NOT NULL, gate TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
                verdict TEXT NOT NULL CHECK (verdict IN ('passed', 'failed', 'error')),
                evidence TEXT NOT NULL, seconds REAL NOT NULL, PRIMARY KEY (attempt_id, n)) WITHOUT ROWID""",
        ),
    ),
)

REVIEWS: Sequence[Migration] = (
    (
        "reviews-1",
        _statements(
            """CREATE TABLE decision (
                id INTEGER PRIMARY KEY, dream_id TEXT NOT NULL REFERENCES dream (id) ON DELETE CASCADE,
                review TEXT NOT NULL, previous TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',
                decided_at TEXT NOT NULL, undone_at TEXT)""",
        ),
    ),
)

SEARCH: Sequence[Migration] = (
    (
        "search-1",
        _statements(
            """CREATE VIRTUAL TABLE dream_text USING fts5(
                dream_id UNINDEXED, title, prompt, code, apis, tokenize = "unicode61 remove_diacritics 2")""",
        ),
    ),
)

LESSONS: Sequence[Migration] = (
    (
        "lessons-1",
        _statements(
            """CREATE TABLE lesson (
                n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, learned_at TEXT NOT NULL, title TEXT NOT NULL,
                task TEXT NOT NULL, code TEXT NOT NULL, names TEXT NOT NULL, quotes TEXT NOT NULL,
                body TEXT NOT NULL)""",
            """CREATE TABLE lesson_library (
                n INTEGER NOT NULL REFERENCES lesson (n) ON DELETE CASCADE,
                name TEXT NOT NULL, version TEXT NOT NULL, PRIMARY KEY (n, name)) WITHOUT ROWID""",
            "CREATE INDEX lesson_library_by_name ON lesson_library (name, version)",
            """CREATE TABLE lesson_node (
                n INTEGER NOT NULL REFERENCES lesson (n) ON DELETE CASCADE, node TEXT NOT NULL, tail TEXT NOT NULL,
                used INTEGER NOT NULL, PRIMARY KEY (n, node)) WITHOUT ROWID""",
            "CREATE INDEX lesson_node_by_node ON lesson_node (node, used)",
            "CREATE INDEX lesson_node_by_tail ON lesson_node (tail, used)",
            """CREATE TABLE lesson_vector (
                n INTEGER PRIMARY KEY REFERENCES lesson (n) ON DELETE CASCADE, vector BLOB NOT NULL)""",
            """CREATE TABLE lesson_use (
                id INTEGER PRIMARY KEY, lesson_id TEXT NOT NULL, user TEXT NOT NULL, used_at TEXT NOT NULL)""",
            "CREATE INDEX lesson_use_by_lesson ON lesson_use (lesson_id)",
            """CREATE VIRTUAL TABLE lesson_text USING fts5(title, task, code, names, quotes,
                content = 'lesson', content_rowid = 'n', tokenize = 'porter unicode61 remove_diacritics 2')""",
            """CREATE TRIGGER lesson_learned AFTER INSERT ON lesson BEGIN
                INSERT INTO lesson_text (rowid, title, task, code, names, quotes)
                VALUES (new.n, new.title, new.task, new.code, new.names, new.quotes); END""",
            """CREATE TRIGGER lesson_forgotten AFTER DELETE ON lesson BEGIN
                INSERT INTO lesson_text (lesson_text, rowid, title, task, code, names, quotes)
                VALUES ('delete', old.n, old.title, old.task, old.code, old.names, old.quotes); END""",
            """CREATE TRIGGER lesson_of_no_dream AFTER DELETE ON dream BEGIN
                DELETE FROM lesson WHERE id = old.id; END""",
        ),
    ),
)

LISTING: Sequence[Migration] = (
    (
        # Everything that the journal's list sorts, filters or counts by lies in an index, and a dream knows the row of
        # its text, so that neither search nor indexing ever looks through the texts of all dreams.
        "listing-1",
        _statements(
            "ALTER TABLE dream ADD COLUMN difficulty REAL",
            "ALTER TABLE dream ADD COLUMN text_id INTEGER",
            "UPDATE dream SET difficulty = json_extract(scenario, '$.difficulty.score')",
            "CREATE TABLE old_text AS SELECT rowid AS n, dream_id, title, prompt, code, apis FROM dream_text",
            "CREATE INDEX old_text_by_dream ON old_text (dream_id)",
            "UPDATE dream SET text_id = (SELECT max(n) FROM old_text WHERE dream_id = dream.id)",
            "DROP TABLE dream_text",
            """CREATE VIRTUAL TABLE dream_text USING fts5(dream_id UNINDEXED, title, prompt, code, apis,
                tokenize = "unicode61 remove_diacritics 2", prefix = '2 3')""",
            "INSERT INTO dream_text (rowid, dream_id, title, prompt, code, apis) SELECT * FROM old_text",
            "DROP TABLE old_text",
            "DROP INDEX dream_by_night",
            # One index holds all that a line is filtered by, in the order of the list: 100,000 lines take 30 ms
            # without a look at their rows, between which their texts lie.
            """CREATE INDEX dream_line ON dream (created_at, id, state, review, tier, stopped_by, night_id, difficulty,
                text_id, pattern, origin)""",
            "CREATE INDEX dream_by_word ON dream (state, review, created_at, id)",
            "CREATE INDEX dream_by_night ON dream (night_id, state, created_at, id)",
            "CREATE INDEX dream_by_text ON dream (text_id)",
            "CREATE INDEX dream_by_title ON dream (title COLLATE NOCASE, id, state, review)",
            "CREATE INDEX dream_state ON dream (id, state)",
            "CREATE INDEX dream_by_library ON dream_library (name, dream_id)",
            "CREATE INDEX dream_by_api ON dream_api (lower(name), dream_id)",
            "DROP VIEW dream_summary",
            """CREATE VIEW dream_summary AS SELECT id, title, state, review, tier, origin, pattern, night_id,
                created_at, stopped_by, difficulty, (SELECT group_concat(name || ' ' || version, char(10)) FROM
                (SELECT name, version FROM dream_library WHERE dream_id = dream.id ORDER BY name)) AS libraries
                FROM dream""",
        ),
    ),
)

ACTIONS: Sequence[Migration] = (
    (
        # What a person did in one go, over one dream or many, so that it is taken back in one go.
        "actions-1",
        _statements(
            """CREATE TABLE review_action (
                id INTEGER PRIMARY KEY, kind TEXT NOT NULL, dreams INTEGER NOT NULL, done_at TEXT NOT NULL,
                undone_at TEXT)""",
            "ALTER TABLE decision ADD COLUMN action_id INTEGER REFERENCES review_action (id)",
            "INSERT INTO review_action SELECT id, review, 1, decided_at, undone_at FROM decision",
            "UPDATE decision SET action_id = id",
            "CREATE INDEX decision_by_action ON decision (action_id)",
            "CREATE INDEX decision_by_dream ON decision (dream_id, id)",
            "CREATE INDEX action_that_holds ON review_action (id) WHERE undone_at IS NULL",
            "CREATE INDEX dream_with_stale_folder ON dream (id) WHERE folder_stale = 1",
        ),
    ),
    (
        # A person's own solution, proved like any other, is a further attempt; the original stays.
        "attempts-2",
        _statements("ALTER TABLE attempt ADD COLUMN edited INTEGER NOT NULL DEFAULT 0"),
    ),
)

SUSPENSIONS: Sequence[Migration] = (
    (
        "suspensions-1",
        _statements(
            """CREATE TABLE suspension (
                id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('skipped', 'cut', 'held')),
                began_at TEXT NOT NULL, ended_at TEXT, night_id TEXT,
                reasons TEXT NOT NULL, milliseconds REAL, detail TEXT NOT NULL DEFAULT '')""",
            "CREATE INDEX suspension_by_night ON suspension (night_id)",
        ),
    ),
)

NEAR_MISSES: Sequence[Migration] = (
    (
        "near-misses-1",
        _statements(
            """CREATE TABLE near_miss (
                dream_id TEXT NOT NULL REFERENCES dream (id) ON DELETE CASCADE, n INTEGER NOT NULL,
                tried_at TEXT NOT NULL, coder TEXT NOT NULL, solution TEXT NOT NULL, stage TEXT NOT NULL,
                reason TEXT NOT NULL, failed_tests TEXT NOT NULL, fresh INTEGER NOT NULL,
                PRIMARY KEY (dream_id, n)) WITHOUT ROWID""",
        ),
    ),
)

SEEDS: Sequence[Migration] = (
    (
        # What somebody's day asks the next night to dream about.
        "seeds-1",
        _statements("CREATE TABLE seed (id INTEGER PRIMARY KEY, told_at TEXT NOT NULL, body TEXT NOT NULL UNIQUE)"),
    ),
)

SOWING: Sequence[Migration] = (
    (
        "sowing-1",
        _statements(
            """CREATE TABLE sown (
                id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('use', 'failure', 'wish')),
                name TEXT NOT NULL, source TEXT NOT NULL, note TEXT NOT NULL, times INTEGER NOT NULL,
                sown_at TEXT NOT NULL)""",
            "CREATE INDEX sown_by_source ON sown (source)",
        ),
    ),
)

MASTERY: Sequence[Migration] = (
    (
        "mastery-1",
        _statements(
            """CREATE TABLE sealed_task (id TEXT PRIMARY KEY, library TEXT NOT NULL, version TEXT NOT NULL,
                sealed_at TEXT NOT NULL, body TEXT NOT NULL)""",
            "CREATE INDEX sealed_by_library ON sealed_task (library, version)",
            """CREATE TABLE mastery (id INTEGER PRIMARY KEY, library TEXT NOT NULL, measured_at TEXT NOT NULL,
                body TEXT NOT NULL)""",
        ),
    ),
)

CLEANING: Sequence[Migration] = (
    (
        # A dream that was cleaned away is not dreamt again, and what a person decided about it leaves no empty action.
        "cleaning-1",
        _statements(
            "CREATE TABLE cleaned (dream_id TEXT PRIMARY KEY, cleaned_at TEXT NOT NULL) WITHOUT ROWID",
            """CREATE TABLE nightmare (
                library TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('example', 'dream')), key TEXT NOT NULL,
                version TEXT NOT NULL, found_at TEXT NOT NULL, body TEXT NOT NULL,
                PRIMARY KEY (library, kind, key)) WITHOUT ROWID""",
            """CREATE TABLE example_run (
                library TEXT PRIMARY KEY, version TEXT NOT NULL, ran_at TEXT NOT NULL, counts TEXT NOT NULL
                ) WITHOUT ROWID""",
        ),
    ),
)

WARMTH: Sequence[Migration] = (
    (
        "warmth-1",
        _statements(
            """CREATE TABLE warmth (night_id TEXT NOT NULL, at TEXT NOT NULL, celsius REAL NOT NULL,
                PRIMARY KEY (night_id, at)) WITHOUT ROWID""",
        ),
    ),
)

FLAGS: Sequence[Migration] = (
    (
        # A flag is what the decisions say: the latest of them that holds and that flags or unflags.
        "flags-1",
        _statements(
            """CREATE VIEW flagged AS SELECT dream_id FROM (
                SELECT d.dream_id, a.kind, max(d.id) FROM review_action AS a JOIN decision AS d ON d.action_id = a.id
                WHERE a.kind IN ('flag', 'unflag') AND d.undone_at IS NULL GROUP BY d.dream_id) WHERE kind = 'flag'""",
            "DROP VIEW dream_summary",
            """CREATE VIEW dream_summary AS SELECT id, title, state, review, tier, origin, pattern, night_id,
                created_at, stopped_by, difficulty, (SELECT group_concat(name || ' ' || version, char(10)) FROM
                (SELECT name, version FROM dream_library WHERE dream_id = dream.id ORDER BY name)) AS libraries,
                (SELECT a.kind = 'flag' FROM decision AS d JOIN review_action AS a ON a.id = d.action_id
                WHERE d.dream_id = dream.id AND d.undone_at IS NULL AND a.kind IN ('flag', 'unflag')
                ORDER BY d.id DESC LIMIT 1) AS flagged FROM dream""",
        ),
    ),
)

KEPT_MUTANTS: Sequence[Migration] = (
    (
        # Mutants of proofs whose receipts keep none, made again once; a body of NULL says that none can be.
        "kept-mutants-1",
        _statements(
            """CREATE TABLE kept_mutant (
                attempt_id INTEGER PRIMARY KEY REFERENCES attempt (id) ON DELETE CASCADE, body TEXT)""",
        ),
    ),
)

JOURNAL: Sequence[Migration] = (
    *NIGHTS,
    *DREAMS,
    *ATTEMPTS,
    *REVIEWS,
    *SEARCH,
    *LESSONS,
    *LISTING,
    *ACTIONS,
    *SUSPENSIONS,
    *SEEDS,
    *NEAR_MISSES,
    *SOWING,
    *MASTERY,
    *CLEANING,
    *WARMTH,
    *FLAGS,
    *KEPT_MUTANTS,
)
"""Everything that `dreamer.sqlite` holds."""
