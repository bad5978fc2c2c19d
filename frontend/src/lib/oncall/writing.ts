import { ApiProblem } from '../api/api.ts';
import type { Said } from '../history/undo.svelte.ts';

/**
 * Does something at the server and says what was done, with the way back where the change has one; what is refused is said too.
 * @returns whether it was done
 */
export async function tell(
  said: Said,
  text: string,
  act: () => Promise<{ changeId: number | null } | undefined>,
): Promise<boolean> {
  try {
    const done = await act();
    said.show({ text, changeId: done?.changeId ?? null });
    return true;
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const { problemSentence } = await import('../records/problem-sentence.ts');
    said.refuse(problemSentence(error));
    return false;
  }
}
