import { type CreateTableBuilder, type Kysely, sql } from 'kysely';

/**
 * The whole inventory as records: every table has an `id` and a `version`, the number of the change that last touched the
 * row. Devices may be on the shelf; the slots of a rack are a table whose key holds the rule; changes are written down.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await history(db);
  await documents(db);
  await lifecycle(db);
  await rebuildDevices(db);
  await rebuildMonitoring(db);
  await rebuildLinkEnds(db);
  await places(db);
  await slots(db);
  await network(db);
  await around(db);
}

type Table = CreateTableBuilder<string, never>;

function record(db: Kysely<unknown>, table: string): Table {
  return db.schema
    .createTable(table)
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('version', 'integer', (c) => c.notNull().defaultTo(0));
}

async function index(db: Kysely<unknown>, table: string, ...columns: string[]): Promise<void> {
  for (const column of columns)
    await db.schema.createIndex(`${table}_by_${column}`).on(table).column(column).execute();
}

async function add(db: Kysely<unknown>, table: string, columns: Readonly<Record<string, string>>) {
  for (const [name, type] of Object.entries(columns))
    await sql`alter table ${sql.table(table)} add column ${sql.ref(name)} ${sql.raw(type)}`.execute(db);
}

const version = 'integer not null default 0';

async function history(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('changes')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('time', 'bigint', (c) => c.notNull())
    .addColumn('user_id', 'integer')
    .addColumn('user_name', 'text', (c) => c.notNull())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('order_id', 'integer')
    .addColumn('undoes', 'integer', (c) => c.references('changes.id'))
    .addColumn('undone_by', 'integer', (c) => c.references('changes.id'))
    .addColumn('counts', 'text', (c) => c.notNull())
    .addColumn('first_kind', 'text')
    .addColumn('first_id', 'integer')
    .addColumn('first_name', 'text')
    .execute();
  await index(db, 'changes', 'time');
  await db.schema
    .createTable('change_events')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('change_id', 'integer', (c) => c.notNull().references('changes.id'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('object_id', 'integer', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('before', 'text')
    .addColumn('after', 'text')
    .addColumn('count', 'integer', (c) => c.notNull())
    .execute();
  await index(db, 'change_events', 'change_id');
  await db.schema
    .createIndex('change_events_of_object')
    .on('change_events')
    .columns(['kind', 'object_id', 'id'])
    .execute();
  await db.schema
    .createTable('change_scopes')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('object_id', 'integer', (c) => c.notNull())
    .addColumn('event_id', 'integer', (c) => c.notNull().references('change_events.id'))
    .addPrimaryKeyConstraint('change_scopes_key', ['kind', 'object_id', 'event_id'])
    .execute();
}

async function documents(db: Kysely<unknown>): Promise<void> {
  await record(db, 'documents')
    .addColumn('hash', 'text', (c) => c.notNull().unique())
    .addColumn('media_type', 'text', (c) => c.notNull())
    .addColumn('size', 'integer', (c) => c.notNull())
    .execute();
  await record(db, 'attachments')
    .addColumn('subject_kind', 'text', (c) => c.notNull())
    .addColumn('subject_id', 'integer', (c) => c.notNull())
    .addColumn('document_id', 'integer', (c) => c.notNull().references('documents.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('note', 'text')
    .execute();
  await db.schema
    .createIndex('attachments_of_subject')
    .on('attachments')
    .columns(['subject_kind', 'subject_id'])
    .execute();
  await index(db, 'attachments', 'document_id');
  await record(db, 'notes')
    .addColumn('subject_kind', 'text', (c) => c.notNull())
    .addColumn('subject_id', 'integer', (c) => c.notNull())
    .addColumn('text', 'text')
    .addColumn('author', 'text')
    .addColumn('time', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('notes_of_subject')
    .on('notes')
    .columns(['subject_kind', 'subject_id'])
    .execute();
  await record(db, 'saved_views')
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('list_kind', 'text', (c) => c.notNull())
    .addColumn('query', 'text')
    .addColumn('owner_id', 'integer')
    .execute();
}

async function lifecycle(db: Kysely<unknown>): Promise<void> {
  await record(db, 'contracts')
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('number', 'text')
    .addColumn('supplier', 'text')
    .addColumn('starts_on', 'text')
    .addColumn('ends_on', 'text')
    .addColumn('notice_days', 'integer')
    .addColumn('cost_cents', 'bigint')
    .addColumn('notes', 'text')
    .execute();
  await add(db, 'device_types', {
    version,
    part_number: 'text',
    weight_kg: 'real',
    power_w: 'real',
    airflow: 'text',
    front_image_id: 'integer references documents(id)',
    rear_image_id: 'integer references documents(id)',
    notes: 'text',
  });
  await record(db, 'spare_parts')
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('manufacturer', 'text')
    .addColumn('part_number', 'text')
    .addColumn('type_id', 'integer', (c) => c.references('device_types.id'))
    .addColumn('quantity', 'integer', (c) => c.notNull())
    .addColumn('minimum', 'integer', (c) => c.notNull())
    .addColumn('room_id', 'integer', (c) => c.references('rooms.id'))
    .addColumn('place', 'text')
    .addColumn('notes', 'text')
    .execute();
  await index(db, 'spare_parts', 'type_id', 'room_id');
}

/** SQLite cannot drop a NOT NULL; its documentation (ALTER TABLE, "making other kinds of changes") asks for this way. */
async function replace(
  db: Kysely<unknown>,
  table: string,
  columns: readonly string[],
  make: (name: string) => Table,
): Promise<void> {
  const next = `${table}_next`;
  await make(next).execute();
  const list = sql.join(columns.map((column) => sql.ref(column)));
  await sql`insert into ${sql.table(next)} (${list}) select ${list} from ${sql.table(table)}`.execute(db);
  await db.schema.dropTable(table).execute();
  await db.schema.alterTable(next).renameTo(table).execute();
}

async function rebuildDevices(db: Kysely<unknown>): Promise<void> {
  const columns = [
    'id',
    'name',
    'search_key',
    'type_id',
    'role',
    'room_id',
    'rack_id',
    'position',
    'face',
    'side',
    'serial',
  ];
  await replace(db, 'devices', columns, (name) =>
    record(db, name)
      .addColumn('name', 'text', (c) => c.notNull().unique())
      .addColumn('search_key', 'text', (c) => c.notNull())
      .addColumn('type_id', 'integer', (c) => c.notNull().references('device_types.id'))
      .addColumn('role', 'text', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull().defaultTo('active'))
      .addColumn('room_id', 'integer', (c) => c.references('rooms.id'))
      .addColumn('rack_id', 'integer', (c) => c.references('racks.id'))
      .addColumn('position', 'real', (c) => c.check(sql`position is null or position >= 1`))
      .addColumn('face', 'text', (c) => c.notNull().check(sql`face in ('front', 'rear')`))
      .addColumn('side', 'text', (c) => c.notNull().check(sql`side in ('full', 'left', 'right')`))
      .addColumn('serial', 'text')
      .addColumn('asset_tag', 'text')
      .addColumn('person_in_charge', 'text')
      .addColumn('supplier', 'text')
      .addColumn('order_number', 'text')
      .addColumn('contract_id', 'integer', (c) => c.references('contracts.id'))
      .addColumn('purchased_on', 'text')
      .addColumn('warranty_until', 'text')
      .addColumn('support_until', 'text')
      .addColumn('cost_cents', 'bigint')
      .addColumn('notes', 'text')
      .addCheckConstraint('position_needs_rack', sql`position is null or rack_id is not null`)
      .addCheckConstraint('rack_needs_room', sql`rack_id is null or room_id is not null`),
  );
  await index(db, 'devices', 'room_id', 'rack_id', 'type_id', 'contract_id');
  await db.schema.createIndex('devices_by_asset_tag').on('devices').column('asset_tag').unique().execute();
}

async function rebuildMonitoring(db: Kysely<unknown>): Promise<void> {
  const columns = [
    'device_id',
    'address',
    'snmp_port',
    'credential_id',
    'profile',
    'interval_seconds',
    'ping',
    'tcp',
  ];
  await replace(db, 'device_monitoring', columns, (name) =>
    record(db, name)
      .addColumn('device_id', 'integer', (c) => c.notNull().unique().references('devices.id'))
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('snmp_port', 'integer', (c) => c.notNull().check(sql`snmp_port between 1 and 65535`))
      .addColumn('credential_id', 'integer', (c) => c.references('credentials.id'))
      .addColumn('profile', 'text')
      .addColumn('interval_seconds', 'real', (c) => c.notNull().check(sql`interval_seconds > 0`))
      .addColumn('ping', 'integer', (c) => c.notNull())
      .addColumn('tcp', 'text', (c) => c.notNull()),
  );
  await index(db, 'device_monitoring', 'credential_id');
  await add(db, 'credentials', { version, protocol: "text not null default '2c'" });
  await record(db, 'credential_rules')
    .addColumn('credential_id', 'integer', (c) => c.notNull().references('credentials.id'))
    .addColumn('site_id', 'integer', (c) => c.references('sites.id'))
    .addColumn('role', 'text')
    .execute();
  await sql`create unique index one_rule_for_each on credential_rules (coalesce(site_id, 0), coalesce(role, ''))`.execute(
    db,
  );
}

async function rebuildLinkEnds(db: Kysely<unknown>): Promise<void> {
  await replace(db, 'link_ends', ['link_id', 'side', 'port_id', 'port_side'], (name) =>
    record(db, name)
      .addColumn('link_id', 'integer', (c) => c.notNull().references('links.id'))
      .addColumn('side', 'text', (c) => c.notNull().check(sql`side in ('a', 'b')`))
      .addColumn('port_id', 'integer', (c) => c.notNull().references('ports.id'))
      .addColumn('port_side', 'text', (c) => c.notNull().check(sql`port_side in ('front', 'rear')`))
      .addUniqueConstraint('ends_of_link', ['link_id', 'side'])
      .addUniqueConstraint('one_end_per_port_side', ['port_id', 'port_side']),
  );
  await add(db, 'links', { version, notes: 'text' });
}

async function places(db: Kysely<unknown>): Promise<void> {
  await add(db, 'sites', { version, address: 'text', person_in_charge: 'text', notes: 'text' });
  await add(db, 'buildings', { version, address: 'text', notes: 'text' });
  await add(db, 'floors', { version, notes: 'text' });
  await add(db, 'rooms', { version, number: 'text', person_in_charge: 'text', notes: 'text' });
  await add(db, 'racks', {
    version,
    depth_mm: 'integer',
    max_weight_kg: 'real',
    max_power_w: 'integer',
    asset_tag: 'text',
    serial: 'text',
    person_in_charge: 'text',
    notes: 'text',
  });
  await add(db, 'outlets', { version, place: 'text', jacks: 'integer not null default 2', notes: 'text' });
  await sql`update outlets set jacks = (select count(*) from ports where ports.outlet_id = outlets.id)`.execute(
    db,
  );
}

/**
 * What devices take of their racks. `half_unit`: twice the rack unit, so that half units have a place; 0 is a rail, where
 * a vertical power strip hangs. A device that is as deep as the rack takes front and rear; one of full width, both halves.
 */
async function slots(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('rack_slots')
    .addColumn('rack_id', 'integer', (c) => c.notNull().references('racks.id').onDelete('cascade'))
    .addColumn('half_unit', 'integer', (c) => c.notNull())
    .addColumn('face', 'text', (c) => c.notNull().check(sql`face in ('front', 'rear')`))
    .addColumn('half', 'text', (c) => c.notNull().check(sql`half in ('left', 'right')`))
    .addColumn('device_id', 'integer', (c) => c.notNull().references('devices.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('one_device_per_slot', ['rack_id', 'half_unit', 'face', 'half'])
    .execute();
  await index(db, 'rack_slots', 'device_id');
  await fillSlots(db);
}

/** Devices that stand somewhere already take their slots. Earlier versions let several hang at one rail: the first keeps it. */
async function fillSlots(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{
    id: number;
    rack_id: number;
    position: number | null;
    face: string;
    side: string;
    u_height: number;
    full_depth: number;
    form: string;
  }>`select devices.id, rack_id, position, face, side, u_height, full_depth, form
    from devices join device_types on device_types.id = devices.type_id where rack_id is not null`.execute(
    db,
  );
  for (const device of rows) {
    const rail = device.form === 'vertical';
    if (!rail && device.position === null) continue;
    const from = rail ? 0 : Number(device.position) * 2;
    const count = rail ? 1 : device.u_height * 2;
    const faces = !rail && device.full_depth === 1 ? ['front', 'rear'] : [device.face];
    const both = !rail && device.side === 'full';
    const halves = both ? ['left', 'right'] : [device.side === 'right' ? 'right' : 'left'];
    for (let step = 0; step < count; step++)
      for (const face of faces)
        for (const half of halves)
          await sql`insert into rack_slots (rack_id, half_unit, face, half, device_id)
            values (${device.rack_id}, ${from + step}, ${face}, ${half}, ${device.id}) on conflict do nothing`.execute(
            db,
          );
  }
}

async function network(db: Kysely<unknown>): Promise<void> {
  await record(db, 'vrfs')
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('notes', 'text')
    .execute();
  await record(db, 'vlans')
    .addColumn('site_id', 'integer', (c) => c.references('sites.id'))
    .addColumn('vid', 'integer', (c) => c.notNull().check(sql`vid between 1 and 4094`))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('purpose', 'text')
    .addColumn('notes', 'text')
    .execute();
  await sql`create unique index one_vlan_per_site on vlans (coalesce(site_id, 0), vid)`.execute(db);
  await add(db, 'ports', {
    version,
    label: 'text',
    description: 'text',
    mac: 'text',
    untagged_vlan_id: 'integer references vlans(id)',
  });
  await index(db, 'ports', 'mac', 'untagged_vlan_id');
  await record(db, 'port_vlans')
    .addColumn('port_id', 'integer', (c) => c.notNull().references('ports.id'))
    .addColumn('vlan_id', 'integer', (c) => c.notNull().references('vlans.id'))
    .addUniqueConstraint('one_tag_per_port', ['port_id', 'vlan_id'])
    .execute();
  await index(db, 'port_vlans', 'vlan_id');
  await record(db, 'prefixes')
    .addColumn('vrf_id', 'integer', (c) => c.references('vrfs.id'))
    .addColumn('cidr', 'text', (c) => c.notNull())
    .addColumn('family', 'integer', (c) => c.notNull().check(sql`family in (4, 6)`))
    .addColumn('first', 'text', (c) => c.notNull())
    .addColumn('last', 'text', (c) => c.notNull())
    .addColumn('length', 'integer', (c) => c.notNull())
    .addColumn('vlan_id', 'integer', (c) => c.references('vlans.id'))
    .addColumn('site_id', 'integer', (c) => c.references('sites.id'))
    .addColumn('purpose', 'text')
    .addColumn('notes', 'text')
    .execute();
  await sql`create unique index one_prefix_per_vrf on prefixes (coalesce(vrf_id, 0), first, length)`.execute(
    db,
  );
  await index(db, 'prefixes', 'vlan_id');
  await record(db, 'addresses')
    .addColumn('vrf_id', 'integer', (c) => c.references('vrfs.id'))
    .addColumn('address', 'text', (c) => c.notNull())
    .addColumn('sort_key', 'text', (c) => c.notNull())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('device_id', 'integer', (c) => c.references('devices.id'))
    .addColumn('port_id', 'integer', (c) => c.references('ports.id'))
    .addColumn('dns_name', 'text')
    .addColumn('purpose', 'text')
    .addColumn('notes', 'text')
    .execute();
  await sql`create unique index one_address_per_vrf on addresses (coalesce(vrf_id, 0), sort_key)`.execute(db);
  await index(db, 'addresses', 'device_id', 'port_id');
}

async function around(db: Kysely<unknown>): Promise<void> {
  await record(db, 'services')
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('person_in_charge', 'text')
    .addColumn('hours', 'text')
    .addColumn('importance', 'text', (c) => c.notNull())
    .addColumn('address', 'text')
    .addColumn('notes', 'text')
    .execute();
  await record(db, 'service_devices')
    .addColumn('service_id', 'integer', (c) => c.notNull().references('services.id'))
    .addColumn('device_id', 'integer', (c) => c.notNull().references('devices.id'))
    .addUniqueConstraint('service_on_device', ['service_id', 'device_id'])
    .execute();
  await index(db, 'service_devices', 'device_id');
  await record(db, 'service_needs')
    .addColumn('service_id', 'integer', (c) => c.notNull().references('services.id'))
    .addColumn('needs_id', 'integer', (c) => c.notNull().references('services.id'))
    .addUniqueConstraint('service_needs_once', ['service_id', 'needs_id'])
    .addCheckConstraint('not_itself', sql`service_id <> needs_id`)
    .execute();
  await index(db, 'service_needs', 'needs_id');
  await record(db, 'floor_plans')
    .addColumn('floor_id', 'integer', (c) => c.notNull().references('floors.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('document_id', 'integer', (c) => c.notNull().references('documents.id'))
    .addColumn('width', 'real', (c) => c.notNull())
    .addColumn('height', 'real', (c) => c.notNull())
    .addColumn('units_per_metre', 'real')
    .addColumn('rank', 'integer', (c) => c.notNull())
    .addColumn('notes', 'text')
    .execute();
  await index(db, 'floor_plans', 'floor_id', 'document_id');
  await record(db, 'plan_marks')
    .addColumn('plan_id', 'integer', (c) => c.notNull().references('floor_plans.id'))
    .addColumn('room_id', 'integer', (c) => c.references('rooms.id'))
    .addColumn('rack_id', 'integer', (c) => c.references('racks.id'))
    .addColumn('outlet_id', 'integer', (c) => c.references('outlets.id'))
    .addColumn('device_id', 'integer', (c) => c.references('devices.id'))
    .addColumn('points', 'text', (c) => c.notNull())
    .addColumn('turn', 'real', (c) => c.notNull())
    .addCheckConstraint(
      'mark_is_of_one',
      sql`(room_id is not null) + (rack_id is not null) + (outlet_id is not null) + (device_id is not null) = 1`,
    )
    .addUniqueConstraint('room_once_per_plan', ['plan_id', 'room_id'])
    .addUniqueConstraint('rack_once_per_plan', ['plan_id', 'rack_id'])
    .addUniqueConstraint('outlet_once_per_plan', ['plan_id', 'outlet_id'])
    .addUniqueConstraint('device_once_per_plan', ['plan_id', 'device_id'])
    .execute();
  await index(db, 'plan_marks', 'room_id', 'rack_id', 'outlet_id', 'device_id');
  await record(db, 'label_templates')
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('object_kind', 'text', (c) => c.notNull())
    .addColumn('medium', 'text', (c) => c.notNull())
    .addColumn('lines', 'text', (c) => c.notNull())
    .addColumn('with_qr', 'integer', (c) => c.notNull())
    .execute();
}
