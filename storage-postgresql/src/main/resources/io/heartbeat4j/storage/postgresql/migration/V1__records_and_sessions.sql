-- One row per registration of a process. lease_until only moves forward while it is in the future, so an expired
-- session never lives again. A claim counts as ended when its session's row is here and expired: a missing row says
-- nothing, since a statement that waited for a lock may not see a row as new as the claim. So nothing deletes a row
-- that a record refers to.
create table session (
  id bigint generated always as identity primary key,
  owner text not null,
  lease_until timestamptz not null
);

-- Appends leave the indexed columns alone: with room on the page they touch no index.
create table record (
  name text collate "C" primary key,
  content bytea not null default '',
  session bigint,
  changed_at timestamptz not null default now()
) with (fillfactor = 70);

create index record_session on record (session) where session is not null;
