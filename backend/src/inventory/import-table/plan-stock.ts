import type { PlanContext, Planned, PlannedRows } from './plan.ts';
import { draftRecord, Matcher, shown } from './plan-records.ts';
import type { Row } from './row.ts';

const orUndefined = (text: string) => (text === '' ? undefined : text);

/** Rows that are spare parts: known by their part number within a maker, or by their name. */
export async function planSpareParts(context: PlanContext, rows: readonly Row[]): Promise<PlannedRows> {
  const { known, places, types } = context;
  const labels = new Map(known.types.map((type) => [type.id, `${type.manufacturer} ${type.model}`]));
  const keyOf = (manufacturer: string | null, partNumber: string | null, name: string) =>
    partNumber ? `pn/${manufacturer ?? ''}/${partNumber}` : `name/${name}`;
  const matcher = new Matcher(known.spareParts, (part) => [
    keyOf(part.manufacturer, part.part_number, part.name),
  ]);
  const planned: Planned[] = [];
  await context.forEach(rows, (row) => {
    const manufacturer = row.text('manufacturer');
    const partNumber = row.text('partNumber');
    const name = row.text('name') || partNumber;
    const found = matcher.find(row, 'name', name === '' ? [] : [keyOf(manufacturer, partNumber, name)]);
    const said = places.said(row);
    const model = row.text('model');
    const type = model === '' ? undefined : types.find(model);
    if (model !== '' && type === undefined) row.hint('model', 'no-such-type');
    const values = {
      name: orUndefined(name),
      typeId: type?.id,
      manufacturer: orUndefined(manufacturer),
      partNumber: orUndefined(partNumber),
      quantity: row.numberOf('quantity', true),
      minimum: row.numberOf('minimum', true),
      roomId: said.room === '' ? undefined : (places.room(row, said, found?.room_id) ?? undefined),
      place: orUndefined(row.text('position')),
      notes: context.notes(row),
    };
    planned.push(
      draftRecord(context, row, 'spare-part', found, values, name, (field, value) =>
        field === 'roomId' && value !== null
          ? places.roomName(Number(value))
          : field === 'typeId' && value !== null
            ? (labels.get(Number(value)) ?? type?.label ?? '')
            : shown(field, value),
      ),
    );
  });
  return {
    rows: planned,
    left: known.spareParts.filter(({ id }) => !matcher.matched.has(id)).map(({ id, name }) => ({ id, name })),
  };
}

/** Rows that are contracts: known by their number or name. */
export async function planContracts(context: PlanContext, rows: readonly Row[]): Promise<PlannedRows> {
  const { known } = context;
  const matcher = new Matcher(known.contracts, (contract) => [
    contract.number === null ? null : `nr/${contract.number}`,
    contract.name,
  ]);
  const planned: Planned[] = [];
  await context.forEach(rows, (row) => {
    const number = row.text('number');
    const name = row.text('name') || number;
    const found = matcher.find(row, 'name', [...(number === '' ? [] : [`nr/${number}`]), name]);
    const values = {
      name: orUndefined(name),
      number: orUndefined(number),
      supplier: orUndefined(row.text('supplier')),
      startsOn: row.day('startsOn', 'first'),
      endsOn: row.day('endsOn', 'last'),
      noticeDays: noticeOf(row),
      costCents: row.cents('cost'),
      notes: context.notes(row),
    };
    planned.push(draftRecord(context, row, 'contract', found, values, name));
  });
  return {
    rows: planned,
    left: known.contracts.filter(({ id }) => !matcher.matched.has(id)).map(({ id, name }) => ({ id, name })),
  };
}

/** "3 Monate", "6 weeks", "90": days. */
function noticeOf(row: Row): number | undefined {
  const text = row.text('noticeDays');
  const match = /^(\d+)\s*(monate?|months?|mon\.?|wochen?|weeks?|jahre?|years?)\b/i.exec(text);
  if (match === null) return row.numberOf('noticeDays', true);
  const unit = (match[2] ?? '').toLowerCase();
  return (
    Number(match[1]) * (unit.startsWith('w') ? 7 : unit.startsWith('j') || unit.startsWith('y') ? 365 : 30)
  );
}
