import { ChangeDetail, ChangeList, ObjectHistory } from '@rackhaus/config/contract';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startTestBackend } from '../testing/test-backend.ts';

/** A backend with a site, made and renamed by an administrator. */
async function renamedSite() {
  const backend = await startTestBackend();
  onTestFinished(() => backend.remove());
  const admin = await backend.administrator();
  const made = await admin.post('/api/inventory/site?reason=Umzug', { name: 'Rathaus' });
  const { id } = made.json as { id: number };
  await admin.patch(`/api/inventory/site/${id}`, { name: 'Altes Rathaus' });
  const list = ChangeList.parse((await admin.get('/api/changes')).json);
  return { backend, admin, id, list };
}

describe('the history', () => {
  test('says who changed what, newest first, a page at a time', async () => {
    const { admin, list } = await renamedSite();
    expect(
      list.changes.map(({ user, source, reason, first }) => [user, source, reason, first?.name]),
    ).toEqual([
      ['Admin', 'person', null, 'Altes Rathaus'],
      ['Admin', 'person', 'Umzug', 'Rathaus'],
    ]);
    const page = ChangeList.parse((await admin.get('/api/changes?size=1')).json);
    expect(page.changes).toEqual([list.changes[0]]);
    const rest = ChangeList.parse((await admin.get(`/api/changes?size=1&before=${page.next}`)).json);
    expect(rest).toEqual({ changes: [list.changes[1]], next: null });
  });

  test('is narrowed by kind, person, source, words and time', async () => {
    const { admin } = await renamedSite();
    for (const [query, count] of [
      ['kind=site', 2],
      ['kind=rack', 0],
      ['user=Admin', 2],
      ['user=Niemand', 0],
      ['source=import', 0],
      ['q=umzug', 1],
      ['q=altes', 1],
      ['q=%25', 0],
      ['to=1000', 0],
      ['from=1000', 2],
    ])
      expect(
        ChangeList.parse((await admin.get(`/api/changes?${query}`)).json).changes,
        `${query}`,
      ).toHaveLength(Number(count));
  });

  test('opens a change to what it did to each field', async () => {
    const { admin, list } = await renamedSite();
    const opened = ChangeDetail.parse((await admin.get(`/api/changes/${list.changes[0]?.id}`)).json);
    expect(opened.events).toMatchObject([
      { kind: 'site', name: 'Altes Rathaus', before: { name: 'Rathaus' }, after: { name: 'Altes Rathaus' } },
    ]);
    expect((await admin.get('/api/changes/4711')).status).toBe(404);
    expect((await admin.get('/api/changes/users')).json).toEqual({ users: ['Admin'] });
  });

  test('takes a change back once, and that is a change too', async () => {
    const { admin, id, list } = await renamedSite();
    const renamed = list.changes[0]?.id ?? 0;
    const undone = await admin.post(`/api/changes/${renamed}/undo`, {});
    expect(undone.status).toBe(200);
    expect((await admin.post('/api/changes/4711/undo', {})).status).toBe(404);
    const again = await admin.post(`/api/changes/${renamed}/undo`, {});
    expect(again.json).toMatchObject({ code: 'conflict', reason: 'undone' });
    const history = ObjectHistory.parse((await admin.get(`/api/history/site/${id}`)).json);
    expect(history.changes.map(({ change }) => [change.source, change.undoes, change.undoneBy])).toEqual([
      ['undo', renamed, null],
      ['person', null, renamed + 1],
      ['person', null, null],
    ]);
  });

  test('names what is in the way, and the later change', async () => {
    const { admin, id, list } = await renamedSite();
    const made = list.changes[1]?.id ?? 0;
    const refused = await admin.post(`/api/changes/${made}/undo`, {});
    expect(refused.json).toMatchObject({
      reason: 'changed-since',
      blocking: [
        { kind: 'site', id, name: 'Altes Rathaus' },
        { kind: 'change', id: list.changes[0]?.id, name: 'Admin' },
      ],
    });
  });

  test('is read by everybody who may look, and taken back by those who may write', async () => {
    const { backend, list } = await renamedSite();
    const viewer = await backend.signedIn('viewer');
    expect((await viewer.get('/api/changes')).status).toBe(200);
    expect((await viewer.post(`/api/changes/${list.changes[0]?.id}/undo`, {})).status).toBe(403);
    expect((await backend.client().get('/api/changes')).status).toBe(401);
  });
});
