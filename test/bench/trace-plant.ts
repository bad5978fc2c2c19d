import { DatabaseSync } from 'node:sqlite';

/** Circuits that share their two trunks; ports of such a group. */
const perGroup = 24;
const portsPerGroup = 6 * perGroup + 4;
const groups = 6757;
export const portCount = groups * portsPerGroup;
/** Cables of a circuit with panels between them, nine steps: cord, panel, trunk, panel, cord, panel, trunk, panel, cord. */
export const stepsPerCircuit = 9;

/**
 * A million ports: switch, cord, panel A =trunk= panel B, cord, panel C =trunk= panel D, cord, device; 24 circuits to a trunk.
 * Written straight into the tables, beside them the same in the form in which NetBox keeps it.
 */
export function fillPlant(file: string): void {
  const db = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  db.exec(`
    pragma synchronous = off;
    begin;
    create temp table n as with recursive n(n) as (select 0 union all select n + 1 from n where n < ${groups * perGroup - 1}) select n from n;
    -- Of a group: 24 at each end, 24 in front of each panel, then the four rear ports.
    create temp table spot as select n, n / ${perGroup} * ${portsPerGroup} + n % ${perGroup} + 1 as e,
      n / ${perGroup} * ${portsPerGroup} + ${6 * perGroup} + 1 as r, n % ${perGroup} + 1 as lane from n;
    insert into device_types (id, slug, manufacturer, model, u_height, form, full_depth, definition)
      values (1, 'bench', 'Bench', 'Bench', 1, 'full', 0, '{}');
    insert into devices (id, name, search_key, type_id, role, face, side)
      select n + 1, 'd' || n, 'd' || n, 1, 'other', 'front', 'full' from n where n < ${6 * groups};
    insert into ports (id, device_id, kind, name, search_key, rank, two_sided, lanes, rear_port_id, rear_lane)
      select e + which * ${perGroup}, 1 + (n / ${perGroup}) * 6 + which,
        case when which in (0, 5) then 'network' else 'front' end, lane, lane, lane, 0, 1,
        case when which in (0, 5) then null else r + which - 1 end, case when which in (0, 5) then null else lane end
      from spot, (select 0 as which union all select 1 union all select 2 union all select 3 union all select 4 union all select 5)
      where which in (0, 5);
    insert into ports (id, device_id, kind, name, search_key, rank, two_sided, lanes)
      select r + which, 2 + (n / ${perGroup}) * 6 + which, 'rear', 'R', 'r', 0, 0, ${perGroup}
      from spot, (select 0 as which union all select 1 union all select 2 union all select 3) where lane = 1;
    insert into ports (id, device_id, kind, name, search_key, rank, two_sided, lanes, rear_port_id, rear_lane)
      select e + which * ${perGroup}, 1 + (n / ${perGroup}) * 6 + which, 'front', lane, lane, lane, 0, 1, r + which - 1, lane
      from spot, (select 1 as which union all select 2 union all select 3 union all select 4);
    create temp table cord as
      select n * 5 + 1 + which as id, e + which * 2 * ${perGroup} as a, e + (which * 2 + 1) * ${perGroup} as b
        from spot, (select 0 as which union all select 1 union all select 2)
      union all select n * 5 + 4 + which, r + 2 * which, r + 2 * which + 1
        from spot, (select 0 as which union all select 1) where lane = 1;
    insert into links (id, kind, label, search_key, length_m) select id, 'patch', '', '', 2 from cord;
    insert into link_ends (link_id, side, port_id, port_side)
      select id, 'a', a, 'front' from cord union all select id, 'b', b, 'front' from cord;

    create table peer_interface (id integer primary key, cable_id integer);
    create table peer_rearport (id integer primary key, cable_id integer, positions integer);
    create table peer_frontport (id integer primary key, cable_id integer, rear_port_id integer, rear_port_position integer);
    create table peer_termination (id integer primary key, cable_id integer, cable_end text, type text, termination_id integer,
      unique (type, termination_id));
    insert into peer_interface select id, null from ports where kind = 'network';
    insert into peer_rearport select id, null, lanes from ports where kind = 'rear';
    insert into peer_frontport select id, null, rear_port_id, rear_lane from ports where kind = 'front';
    insert into peer_termination (cable_id, cable_end, type, termination_id)
      select link_id, side, kind, port_id from link_ends join ports on ports.id = port_id;
    create index peer_front_by_rear on peer_frontport (rear_port_id, rear_port_position);
    create index peer_termination_by_cable on peer_termination (cable_id, cable_end);
    commit;
    analyze;
  `);
  db.close();
}

/** The port at which the n-th circuit begins, and the one at which it ends. */
export function circuit(n: number): { readonly from: number; readonly to: number } {
  const index = n % (groups * perGroup);
  const from = Math.floor(index / perGroup) * portsPerGroup + (index % perGroup) + 1;
  return { from, to: from + 5 * perGroup };
}

/** From an interface to the other end, as a recursive query over tables like NetBox's tells it. */
export const peerQuery = `
  with recursive way (step, type, id, lane) as (
    select 0, 'network', ?, null
    union all
    select step + 1,
      case way.step % 2 when 0 then there.type else case way.type when 'front' then 'rear' else 'front' end end,
      case way.step % 2 when 0 then there.termination_id when 1 then coalesce(f.rear_port_id, g.id) end,
      case way.step % 2 when 0 then way.lane else case way.type when 'front' then f.rear_port_position end end
    from way
    left join peer_termination as here
      on way.step % 2 = 0 and here.type = way.type and here.termination_id = way.id
    left join peer_termination as there
      on there.cable_id = here.cable_id and there.cable_end <> here.cable_end
    left join peer_frontport as f on way.step % 2 = 1 and way.type = 'front' and f.id = way.id
    left join peer_frontport as g
      on way.step % 2 = 1 and way.type = 'rear' and g.rear_port_id = way.id and g.rear_port_position = way.lane
    where coalesce(there.termination_id, f.rear_port_id, g.id) is not null
  )
  select * from way`;
