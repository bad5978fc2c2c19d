import type { SilenceAlarm } from '@rackhaus/config/contract';

export interface Words {
  readonly title: string;
  readonly text: string;
}

type Language = SilenceAlarm['language'];

/** What is said when the server is silent. Times are those of this machine. */
export function silentWords(language: Language, agent: string, since: Date): Words {
  return language === 'de'
    ? {
        title: `Rackhaus antwortet nicht`,
        text: `Der Agent ${agent} erreicht den Rackhaus-Server seit ${moment('de', since)} nicht. Bis er wieder da ist, meldet niemand sonst Störungen. Bitte Server, Strom und Leitung prüfen.`,
      }
    : {
        title: `Rackhaus does not answer`,
        text: `Agent ${agent} has not reached the Rackhaus server since ${moment('en', since)}. Nobody else reports faults until it is back. Please check the server, its power and the line.`,
      };
}

/** What is said when it is back. */
export function backWords(language: Language, agent: string, since: Date): Words {
  return language === 'de'
    ? {
        title: `Rackhaus antwortet wieder`,
        text: `Der Agent ${agent} erreicht den Rackhaus-Server wieder. Er war still seit ${moment('de', since)}.`,
      }
    : {
        title: `Rackhaus answers again`,
        text: `Agent ${agent} reaches the Rackhaus server again. It had been silent since ${moment('en', since)}.`,
      };
}

function moment(language: Language, time: Date): string {
  return time.toLocaleString(language === 'de' ? 'de-DE' : 'en-GB', {
    dateStyle: 'short',
    timeStyle: 'short',
  });
}
