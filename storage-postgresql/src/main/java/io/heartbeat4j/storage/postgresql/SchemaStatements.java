package io.heartbeat4j.storage.postgresql;

/** The SQL for one schema. Times are the database's: no process trusts its own wall clock or another's. */
final class SchemaStatements {

  final String register;
  final String renew;
  final String expireOwn;
  final String forgetExpired;
  final String isLive;
  final String owners;
  final String claim;
  final String lockFree;
  final String claimLocked;
  final String appendClaimed;
  final String stateOfClaimed;
  final String deleteClaimed;
  final String releaseClaimed;
  final String releaseAll;
  final String append;
  final String replace;
  final String read;
  final String list;
  final String folders;
  final String moveClaimed;
  final String expire;

  /** Of the signals: one for each schema, since a database may hold several. */
  final String channel;

  SchemaStatements(DatabaseAddress address) {
    channel = address.schema();
    String schema = address.quotedSchema();
    String record = schema + ".record";
    String session = schema + ".session";
    String live = "exists (select 1 from " + session + " where id = ? and lease_until > now())";
    // the row has to be seen expired: one not seen at all may belong to a claim newer than the statement
    String dead = "exists (select 1 from " + session + " s where s.id = r.session and s.lease_until <= now())";
    String children = "r.name >= ? and r.name < ? and position('/' in substr(r.name, ?)) = 0";

    register = "insert into " + session + " (owner, lease_until) values (?, clock_timestamp() + ? * interval '1 ms')"
        + " returning id";
    renew = "update " + session + " set lease_until = clock_timestamp() + ? * interval '1 ms'"
        + " where id = ? and owner = ? and lease_until > clock_timestamp()";
    expireOwn = "update " + session + " set lease_until = now() where id = ? and owner = ? and lease_until > now()";
    forgetExpired = "delete from " + session + " s where lease_until < now() - interval '1 hour'"
        + " and not exists (select 1 from " + record + " r where r.session = s.id)";
    isLive = "select 1 from " + session + " where id = ? and lease_until > now()";
    owners = "select owner from " + session + " where id <> ? and lease_until > now() order by owner";

    // the first look keeps an attempt in vain from locking the row
    claim = "insert into " + record + " as r (name, session) select ?, m.id from " + session + " m"
        + " where m.id = ? and m.lease_until > now() and not exists (select 1 from " + record + " o join " + session
        + " s on s.id = o.session where o.name = ? and s.id <> m.id and s.lease_until > now())"
        + " on conflict (name) do update set session = excluded.session"
        + " where r.session is null or r.session = excluded.session or " + dead + " returning content";
    lockFree = "select r.name from " + record + " r where " + children + " and (r.session is null or r.session = ? or "
        + dead + ") and " + live + " order by r.name for update of r skip locked";
    claimLocked = "update " + record + " set session = ? where name = any(?) returning name, content";

    String claimed = " where name = ? and session = ? and " + live;
    appendClaimed = "update " + record + " set content = content || ?, changed_at = now()" + claimed
        + " and octet_length(content) = ?";
    stateOfClaimed = "select octet_length(content), substring(content from ? for ?) from " + record + claimed;
    deleteClaimed = "delete from " + record + claimed;
    releaseClaimed = "update " + record + " set session = null" + claimed;
    // in the order of the names, as every transaction locks them
    releaseAll = "with mine as materialized (select name from " + record
        + " where session = ? order by name for update) update " + record
        + " r set session = null from mine where r.name = mine.name";

    moveClaimed = "update " + record + " set name = ?, content = ?, session = null, changed_at = now()" + claimed;

    append = "insert into " + record + " as r (name, content) values (?, ?) on conflict (name) do update"
        + " set content = r.content || excluded.content, changed_at = now() where octet_length(r.content) < ?"
        + " or substring(r.content from ? for ?) <> excluded.content returning octet_length(content)";
    replace = "insert into " + record + " (name, content) values (?, ?) on conflict (name) do update"
        + " set content = excluded.content, changed_at = now()";
    read = "select content from " + record + " where name = ?";
    list = "select r.name from " + record + " r where " + children + " order by r.name";
    folders = "select distinct substr(r.name, 1, ? + position('/' in substr(r.name, ?)) - 2) from " + record
        + " r where r.name >= ? and r.name < ? and position('/' in substr(r.name, ?)) > 0 order by 1";
    expire = "with old as materialized (select r.name from " + record + " r where " + children
        + " and r.changed_at < now() - ? * interval '1 ms' and (r.session is null or " + dead
        + ") order by r.name for update of r skip locked) delete from " + record
        + " r using old where r.name = old.name";
  }
}
