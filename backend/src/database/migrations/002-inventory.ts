import { type Kysely, sql } from 'kysely';

/** What stands where and how it is joined; see inventory/tables.ts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await places(db);
  await devices(db);
  await cables(db);
  await db.schema
    .createTable('inventory_revision')
    .addColumn('id', 'integer', (c) => c.primaryKey().check(sql`id = 1`))
    .addColumn('revision', 'bigint', (c) => c.notNull())
    .execute();
  await sql`insert into inventory_revision (id, revision) values (1, 0)`.execute(db);
}

async function places(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('sites')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('rank', 'integer', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('buildings')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('site_id', 'integer', (c) => c.notNull().references('sites.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('rank', 'integer', (c) => c.notNull())
    .addUniqueConstraint('buildings_of_site', ['site_id', 'name'])
    .execute();
  await db.schema
    .createTable('floors')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('building_id', 'integer', (c) => c.notNull().references('buildings.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('rank', 'integer', (c) => c.notNull())
    .addUniqueConstraint('floors_of_building', ['building_id', 'name'])
    .execute();
  await db.schema
    .createTable('rooms')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('floor_id', 'integer', (c) => c.notNull().references('floors.id'))
    .addColumn('site_id', 'integer', (c) => c.notNull().references('sites.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('search_key', 'text', (c) => c.notNull())
    .addColumn('rank', 'integer', (c) => c.notNull())
    .addUniqueConstraint('rooms_of_site', ['site_id', 'name'])
    .execute();
  await db.schema.createIndex('rooms_of_floor').on('rooms').column('floor_id').execute();
  await db.schema
    .createTable('racks')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('room_id', 'integer', (c) => c.notNull().references('rooms.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('search_key', 'text', (c) => c.notNull())
    .addColumn('purpose', 'text', (c) => c.notNull())
    .addColumn('height_u', 'integer', (c) => c.notNull().check(sql`height_u between 1 and 60`))
    .addColumn('rank', 'integer', (c) => c.notNull())
    .addUniqueConstraint('racks_of_room', ['room_id', 'name'])
    .execute();
}

async function devices(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('device_types')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('slug', 'text', (c) => c.notNull().unique())
    .addColumn('manufacturer', 'text', (c) => c.notNull())
    .addColumn('model', 'text', (c) => c.notNull())
    .addColumn('u_height', 'real', (c) => c.notNull())
    .addColumn('form', 'text', (c) => c.notNull().check(sql`form in ('full', 'half', 'vertical', 'none')`))
    .addColumn('full_depth', 'integer', (c) => c.notNull())
    .addColumn('definition', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('devices')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('search_key', 'text', (c) => c.notNull())
    .addColumn('type_id', 'integer', (c) => c.notNull().references('device_types.id'))
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('room_id', 'integer', (c) => c.notNull().references('rooms.id'))
    .addColumn('rack_id', 'integer', (c) => c.references('racks.id'))
    .addColumn('position', 'real', (c) =>
      c.check(sql`position is null or (position >= 1 and rack_id is not null)`),
    )
    .addColumn('face', 'text', (c) => c.notNull().check(sql`face in ('front', 'rear')`))
    .addColumn('side', 'text', (c) => c.notNull().check(sql`side in ('full', 'left', 'right')`))
    .addColumn('serial', 'text')
    .execute();
  await db.schema.createIndex('devices_of_room').on('devices').column('room_id').execute();
  await db.schema.createIndex('devices_of_rack').on('devices').column('rack_id').execute();
  await db.schema.createIndex('devices_of_type').on('devices').column('type_id').execute();
  await db.schema
    .createTable('outlets')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('search_key', 'text', (c) => c.notNull())
    .addColumn('room_id', 'integer', (c) => c.notNull().references('rooms.id'))
    .execute();
  await db.schema.createIndex('outlets_of_room').on('outlets').column('room_id').execute();
  await db.schema
    .createTable('credentials')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('sealed', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('device_monitoring')
    .addColumn('device_id', 'integer', (c) => c.primaryKey().references('devices.id').onDelete('cascade'))
    .addColumn('address', 'text', (c) => c.notNull())
    .addColumn('snmp_port', 'integer', (c) => c.notNull().check(sql`snmp_port between 1 and 65535`))
    .addColumn('credential_id', 'integer', (c) => c.references('credentials.id'))
    .addColumn('profile', 'text')
    .addColumn('interval_seconds', 'real', (c) => c.notNull().check(sql`interval_seconds > 0`))
    .addColumn('ping', 'integer', (c) => c.notNull())
    .addColumn('tcp', 'text', (c) => c.notNull())
    .execute();
}

async function cables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('ports')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('device_id', 'integer', (c) => c.references('devices.id').onDelete('cascade'))
    .addColumn('outlet_id', 'integer', (c) => c.references('outlets.id').onDelete('cascade'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('search_key', 'text', (c) => c.notNull())
    .addColumn('rank', 'integer', (c) => c.notNull())
    .addColumn('two_sided', 'integer', (c) => c.notNull())
    .addColumn('lanes', 'integer', (c) => c.notNull().check(sql`lanes >= 1`))
    .addColumn('rear_port_id', 'integer', (c) => c.references('ports.id'))
    .addColumn('rear_lane', 'integer')
    .addUniqueConstraint('ports_of_device', ['device_id', 'name'])
    .addUniqueConstraint('ports_of_outlet', ['outlet_id', 'name'])
    .addUniqueConstraint('lane_of_rear_port', ['rear_port_id', 'rear_lane'])
    .addCheckConstraint('port_has_one_owner', sql`(device_id is null) <> (outlet_id is null)`)
    .addCheckConstraint('inner_wiring_is_whole', sql`(rear_port_id is null) = (rear_lane is null)`)
    .execute();
  await db.schema.createIndex('ports_by_search_key').on('ports').column('search_key').execute();
  await db.schema
    .createTable('links')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('kind', 'text', (c) => c.notNull().check(sql`kind in ('permanent', 'patch', 'power')`))
    .addColumn('label', 'text', (c) => c.notNull())
    .addColumn('search_key', 'text', (c) => c.notNull())
    .addColumn('color', 'text')
    .addColumn('length_m', 'real')
    .execute();
  await db.schema
    .createTable('link_ends')
    .addColumn('link_id', 'integer', (c) => c.notNull().references('links.id').onDelete('cascade'))
    .addColumn('side', 'text', (c) => c.notNull().check(sql`side in ('a', 'b')`))
    .addColumn('port_id', 'integer', (c) => c.notNull().references('ports.id'))
    .addColumn('port_side', 'text', (c) => c.notNull().check(sql`port_side in ('front', 'rear')`))
    .addPrimaryKeyConstraint('link_ends_key', ['link_id', 'side'])
    .addUniqueConstraint('one_end_per_port_side', ['port_id', 'port_side'])
    .execute();
}
