import { type CheckKind, dnsTypes, httpMethods } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';

/** How a setting is typed. `list`: parted by commas; `points`: what is read by Modbus, in a form of its own. */
export interface CheckField {
  readonly name: string;
  readonly type: 'text' | 'number' | 'flag' | 'choice' | 'list' | 'numbers' | 'points' | 'long';
  readonly label: () => string;
  readonly hint?: () => string;
  readonly options?: readonly { readonly value: string; readonly label: () => string }[];
  readonly initial: string | boolean;
  /** Shown only then. */
  readonly when?: (values: Readonly<Record<string, string | boolean>>) => boolean;
}

const plain = (values: readonly string[]) => values.map((value) => ({ value, label: () => value }));
const host: CheckField = {
  name: 'host',
  type: 'text',
  label: m.check_field_host,
  hint: m.check_field_host_hint,
  initial: '',
};
const port = (initial: string): CheckField => ({
  name: 'port',
  type: 'number',
  label: m.check_field_port,
  initial,
});
const timeout = (initial: string): CheckField => ({
  name: 'timeoutSeconds',
  type: 'number',
  label: m.check_field_timeout,
  initial,
});
const trust = (initial: string, when: NonNullable<CheckField['when']>): CheckField[] => [
  {
    name: 'trust',
    type: 'choice',
    label: m.check_field_trust,
    initial,
    when,
    options: [
      { value: 'public', label: m.check_trust_public },
      { value: 'authority', label: m.check_trust_authority },
      { value: 'pinned', label: m.check_trust_pinned },
      { value: 'any', label: m.check_trust_any },
    ],
  },
  {
    name: 'authority',
    type: 'long',
    label: m.check_field_authority,
    hint: m.check_field_authority_hint,
    initial: '',
    when: (values) => when(values) && values.trust === 'authority',
  },
  {
    name: 'fingerprint',
    type: 'text',
    label: m.check_field_fingerprint,
    hint: m.check_field_fingerprint_hint,
    initial: '',
    when: (values) => when(values) && values.trust === 'pinned',
  },
];
const always = () => true;

/** What is asked for each kind, in the order of its form. */
export const checkFields: Readonly<Record<CheckKind, readonly CheckField[]>> = {
  http: [
    { name: 'url', type: 'text', label: m.check_field_url, initial: 'https://' },
    { name: 'contains', type: 'text', label: m.check_field_contains, initial: '' },
    { name: 'lacks', type: 'text', label: m.check_field_lacks, initial: '' },
    {
      name: 'status',
      type: 'numbers',
      label: m.check_field_status,
      hint: m.check_field_status_hint,
      initial: '',
    },
    {
      name: 'method',
      type: 'choice',
      label: m.check_field_method,
      options: plain(httpMethods),
      initial: 'GET',
    },
    { name: 'followRedirects', type: 'flag', label: m.check_field_redirects, initial: true },
    {
      name: 'certificateDays',
      type: 'number',
      label: m.check_field_certificate_days,
      hint: m.check_field_certificate_days_hint,
      initial: '',
      when: ({ url }) => String(url).startsWith('https'),
    },
    ...trust('public', ({ url }) => String(url).startsWith('https')),
    timeout('10'),
  ],
  tcp: [
    host,
    port(''),
    {
      name: 'banner',
      type: 'text',
      label: m.check_field_banner,
      hint: m.check_field_banner_hint,
      initial: '',
    },
    { name: 'tls', type: 'flag', label: m.check_field_tls, initial: false },
    ...trust('public', ({ tls }) => tls === true),
    timeout('10'),
  ],
  dns: [
    { ...host, label: m.check_field_dns_server },
    { name: 'name', type: 'text', label: m.check_field_dns_name, initial: '' },
    { name: 'type', type: 'choice', label: m.check_field_dns_type, options: plain(dnsTypes), initial: 'A' },
    {
      name: 'expected',
      type: 'list',
      label: m.check_field_expected,
      hint: m.check_field_expected_hint,
      initial: '',
    },
    port('53'),
    timeout('5'),
  ],
  nut: [
    host,
    { name: 'ups', type: 'text', label: m.check_field_ups, hint: m.check_field_ups_hint, initial: '' },
    {
      name: 'encryption',
      type: 'choice',
      label: m.check_field_encryption,
      initial: 'offered',
      options: [
        { value: 'offered', label: m.check_encryption_offered },
        { value: 'required', label: m.check_encryption_required },
        { value: 'none', label: m.check_encryption_none },
      ],
    },
    ...trust('public', ({ encryption }) => encryption !== 'none'),
    port('3493'),
    timeout('10'),
  ],
  redfish: [host, port('443'), ...trust('pinned', always), timeout('60')],
  modbus: [
    host,
    port('502'),
    { name: 'unit', type: 'number', label: m.check_field_unit, initial: '1' },
    {
      name: 'points',
      type: 'points',
      label: m.check_points,
      initial: '',
    },
    timeout('10'),
  ],
};
