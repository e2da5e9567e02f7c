//! The tables, and the views for the `sqlite3` shell.

use rusqlite::{Connection, params};

use super::codec::Codec;

/// `FLOW` as the application id in the file's header.
pub(super) const APPLICATION: i32 = 0x464c_4f57;

/// The first released format; earlier ones cannot be read.
pub(super) const FIRST: i32 = 2;

/// The format that this program writes. Each migration raises the file's `user_version` by one.
pub(super) const VERSION: i32 = FIRST - 1 + MIGRATIONS.len() as i32;

const MIGRATIONS: &[&str] = &[TABLES, SIGNALS, LINES];

/// Counts are stored for each entry; the row of a run has their sums up to the entry `upto`.
const TABLES: &str = "
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE run(
  id INTEGER PRIMARY KEY,               -- in the order in which runs started
  name TEXT NOT NULL UNIQUE,
  workflow TEXT NOT NULL,
  started INTEGER NOT NULL,             -- milliseconds since 1970
  ended INTEGER,
  status TEXT,                          -- how it ended
  error,
  upto INTEGER NOT NULL DEFAULT 0,      -- the last entry included in the sums below
  steps INTEGER NOT NULL DEFAULT 0, calls INTEGER NOT NULL DEFAULT 0, unpriced INTEGER NOT NULL DEFAULT 0,
  cost INTEGER NOT NULL DEFAULT 0,      -- billionths of a dollar
  input_tokens INTEGER, cached_tokens INTEGER, written_tokens INTEGER, output_tokens INTEGER, reasoning_tokens INTEGER
);
CREATE INDEX run_ended ON run(ended) WHERE ended IS NOT NULL;

CREATE TABLE entry(
  ord INTEGER PRIMARY KEY,              -- in the order in which they were stored
  run INTEGER NOT NULL,
  writer INTEGER NOT NULL,              -- 0 for the executing process, a unique number for a visitor
  sum INTEGER NOT NULL,
  split INTEGER NOT NULL,               -- 1: large values are in `payload`
  steps INTEGER NOT NULL, calls INTEGER NOT NULL, unpriced INTEGER NOT NULL, cost INTEGER NOT NULL,
  input_tokens INTEGER, cached_tokens INTEGER, written_tokens INTEGER, output_tokens INTEGER, reasoning_tokens INTEGER,
  body NOT NULL                         -- a line of records, as `flow::run::to_line` writes it
);
CREATE INDEX entry_run ON entry(run);
CREATE INDEX entry_visited ON entry(ord) WHERE writer <> 0;

CREATE TABLE wait(
  run INTEGER NOT NULL, place TEXT NOT NULL,
  ord INTEGER NOT NULL,                 -- the entry with the record
  PRIMARY KEY(run, place)
) WITHOUT ROWID;

CREATE TABLE payload(id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, body NOT NULL);
CREATE TABLE mention(run INTEGER NOT NULL, payload INTEGER NOT NULL, PRIMARY KEY(run, payload)) WITHOUT ROWID;

CREATE TABLE answer(key TEXT PRIMARY KEY, until INTEGER, sum INTEGER NOT NULL, body NOT NULL) WITHOUT ROWID;
";

/// Adds whether a run is offline, the slots of waiting signal steps, and the table of signals.
const SIGNALS: &str = "
ALTER TABLE run ADD COLUMN offline INTEGER NOT NULL DEFAULT 0;

CREATE TABLE IF NOT EXISTS slot(
  run INTEGER NOT NULL, place TEXT NOT NULL,
  slot TEXT NOT NULL,                   -- a hash of the step and the key that it waits for
  PRIMARY KEY(run, place)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS slot_slot ON slot(slot);

CREATE TABLE IF NOT EXISTS signal(
  id INTEGER PRIMARY KEY,               -- in order of arrival
  slot TEXT NOT NULL, step TEXT NOT NULL,
  event TEXT,                           -- a hash of the id, which identifies repeats
  until INTEGER NOT NULL, sum INTEGER NOT NULL,
  body                                  -- NULL once delivered; the id is remembered
);
CREATE INDEX IF NOT EXISTS signal_slot ON signal(slot);
CREATE INDEX IF NOT EXISTS signal_event ON signal(event) WHERE event IS NOT NULL;
";

/// Records became lines with a format number. Older rows have none and are read as they are.
const LINES: &str = "";

/// Totals of a run: its own columns plus the entries after them. An unknown part does not make the total unknown.
const TOTALS: &str = "
CREATE VIEW total AS
SELECT run.id AS run,
  run.steps + coalesce(sum(e.steps), 0) AS steps, run.calls + coalesce(sum(e.calls), 0) AS calls,
  run.unpriced + coalesce(sum(e.unpriced), 0) AS unpriced, run.cost + coalesce(sum(e.cost), 0) AS cost,
  coalesce(run.input_tokens + sum(e.input_tokens), run.input_tokens, sum(e.input_tokens)) AS input_tokens,
  coalesce(run.cached_tokens + sum(e.cached_tokens), run.cached_tokens, sum(e.cached_tokens)) AS cached_tokens,
  coalesce(run.written_tokens + sum(e.written_tokens), run.written_tokens, sum(e.written_tokens)) AS written_tokens,
  coalesce(run.output_tokens + sum(e.output_tokens), run.output_tokens, sum(e.output_tokens)) AS output_tokens,
  coalesce(run.reasoning_tokens + sum(e.reasoning_tokens), run.reasoning_tokens, sum(e.reasoning_tokens))
    AS reasoning_tokens,
  coalesce(max(e.ord), run.upto) AS upto
FROM run LEFT JOIN entry e ON e.run = run.id AND e.ord > run.upto
GROUP BY run.id;

CREATE VIEW runs AS
SELECT run.name AS run, run.workflow,
  coalesce(run.status, CASE WHEN EXISTS (SELECT 1 FROM wait WHERE wait.run = run.id) THEN 'waiting' ELSE 'running' END)
    AS status,
  strftime('%Y-%m-%d %H:%M:%S', run.started / 1000, 'unixepoch') AS started,
  strftime('%Y-%m-%d %H:%M:%S', run.ended / 1000, 'unixepoch') AS ended,
  total.steps, total.calls, total.input_tokens, total.output_tokens,
  total.cost / 1e9 AS known_cost_usd, total.unpriced AS calls_of_unknown_price,
  (SELECT group_concat(wait.place, ', ') FROM wait WHERE wait.run = run.id) AS waits, run.error,
  run.offline
FROM run JOIN total ON total.run = run.id;
";

const BODIES: &str = "
CREATE VIEW item AS
SELECT entry.ord, item.key AS nth, run.name AS run, item.value AS item
FROM entry JOIN run ON run.id = entry.run, json_each(entry.body) AS item WHERE item.type = 'object';

CREATE VIEW record AS
SELECT ord, nth, run, item AS record FROM item WHERE item ->> 'record' <> 'step'
UNION ALL
SELECT ord, nth, run, json_object('record', 'step_started', 'place', item ->> 'place', 'step',
  coalesce(item ->> 'step', substr(item ->> 'place', 1 + length(rtrim(item ->> 'place', replace(item ->> 'place', '/', ''))))),
  'kind', item ->> 'kind', 'input', json(item -> 'input'), 'at', item ->> 'at')
FROM item WHERE item ->> 'record' = 'step'
UNION ALL
SELECT ord, nth, run, json_set(
  json_remove(item, '$.step', '$.kind', '$.input', '$.output', '$.cached', '$.spent', '$.at', '$.took', '$.tried'),
  '$.record', 'attempt', '$.attempt', 1, '$.started', (item ->> 'at') + coalesce(item ->> '$.tried[0]', 0),
  '$.ended', (item ->> 'at') + coalesce(item ->> '$.tried[1]', item ->> 'took', 0))
FROM item WHERE item ->> 'record' = 'step'
UNION ALL
SELECT ord, nth, run, json_object('record', 'step_finished', 'place', item ->> 'place', 'output', json(item -> 'output'),
  'at', (item ->> 'at') + coalesce(item ->> 'took', 0))
FROM item WHERE item ->> 'record' = 'step';

CREATE VIEW steps AS
SELECT s.run, s.record ->> 'place' AS place, s.record ->> 'step' AS step, s.record ->> 'kind' AS kind,
  CASE e.record ->> 'record' WHEN 'step_finished' THEN 'finished' WHEN 'step_failed' THEN 'failed' ELSE
    CASE WHEN r.ended IS NOT NULL OR EXISTS (SELECT 1 FROM record AS c WHERE c.run = s.run
      AND c.record ->> 'place' = s.record ->> 'place' AND c.record ->> 'record' = 'step_cancelled')
    THEN 'cancelled' ELSE 'begun' END END AS status,
  s.record -> 'input' AS input, e.record -> 'output' AS output, e.record ->> 'error' AS error,
  strftime('%Y-%m-%d %H:%M:%f', (s.record ->> 'at') / 1000.0, 'unixepoch') AS started,
  strftime('%Y-%m-%d %H:%M:%f', (e.record ->> 'at') / 1000.0, 'unixepoch') AS ended
FROM record AS s JOIN run AS r ON r.name = s.run LEFT JOIN record AS e
  ON e.run = s.run AND e.record ->> 'place' = s.record ->> 'place'
  AND e.record ->> 'record' IN ('step_finished', 'step_failed')
WHERE s.record ->> 'record' = 'step_started' ORDER BY s.ord, s.nth;

CREATE VIEW attempts AS
SELECT run, record ->> 'place' AS place, record ->> 'attempt' AS attempt, record ->> 'model' AS model,
  record -> 'prompt' AS prompt, record ->> 'reply' AS reply,
  record ->> '$.usage.input_tokens' AS input_tokens, record ->> '$.usage.output_tokens' AS output_tokens,
  (record ->> 'cost_nano_usd') / 1e9 AS cost_usd, record ->> 'error_kind' AS error_kind, record ->> 'error' AS error,
  strftime('%Y-%m-%d %H:%M:%f', (record ->> 'started') / 1000.0, 'unixepoch') AS started,
  strftime('%Y-%m-%d %H:%M:%f', (record ->> 'ended') / 1000.0, 'unixepoch') AS ended
FROM record WHERE record ->> 'record' = 'attempt' ORDER BY ord, nth;

CREATE VIEW usage AS
SELECT run, model, count(*) AS calls, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
  sum(cost_usd) AS known_cost_usd, sum(cost_usd IS NULL) AS calls_of_unknown_price
FROM attempts WHERE model IS NOT NULL GROUP BY run, model;
";

/// With a codec, only columns can be shown: the bodies are encoded.
const ENCODED: &str = "
CREATE VIEW steps AS SELECT (SELECT 'encoded with ' || value FROM meta WHERE key = 'codec') AS note;
CREATE VIEW attempts AS SELECT note FROM steps;
CREATE VIEW usage AS
SELECT run, 'encoded' AS model, calls, input_tokens, output_tokens, known_cost_usd, calls_of_unknown_price FROM runs;
";

/// Migrates a file to this program's format, in one transaction.
pub(super) fn migrate(connection: &mut Connection, from: i32, codec: Option<&dyn Codec>) -> rusqlite::Result<()> {
    let change = connection.transaction()?;
    let outstanding = MIGRATIONS.iter().skip((from - FIRST + 1).max(0) as usize);
    outstanding.into_iter().try_for_each(|tables| change.execute_batch(tables))?;
    for view in ["total", "runs", "item", "record", "steps", "attempts", "usage"] {
        change.execute_batch(&format!("DROP VIEW IF EXISTS {view}"))?;
    }
    change.execute_batch(TOTALS)?;
    change.execute_batch(if codec.is_some() { ENCODED } else { BODIES })?;
    change.pragma_update(None, "application_id", APPLICATION)?;
    change.pragma_update(None, "user_version", VERSION)?;
    change.commit()
}

/// Sets a row of `meta`.
pub(super) fn set(connection: &Connection, key: &str, value: impl rusqlite::ToSql) -> rusqlite::Result<()> {
    connection.execute("INSERT OR REPLACE INTO meta(key, value) VALUES (?1, ?2)", params![key, value]).map(drop)
}
