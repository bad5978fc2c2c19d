import type { ComposedProfile, ProfileSet } from '@rackhaus/config/profiles';

/** The profiles that are in use now: replaced as a whole while devices are polled, which look at `profiles` to notice. */
export class LiveProfiles implements ProfileSet {
  #set: ProfileSet;

  constructor(set: ProfileSet) {
    this.#set = set;
  }

  get profiles(): ProfileSet['profiles'] {
    return this.#set.profiles;
  }

  compose(id: string): ComposedProfile | undefined {
    return this.#set.compose(id);
  }

  replace(set: ProfileSet): void {
    this.#set = set;
  }
}
