import type {
  GroupRule,
  LdapSettings,
  NewSignInSource,
  OidcSettings,
  SignInSettings,
  SignInSource,
} from '@rackhaus/config/contract';

type Directory = LdapSettings['directory'];

/** What is right for most directories of a kind. */
const usual: Record<Directory, Pick<LdapSettings, 'filter' | 'nameAttribute' | 'groups'>> = {
  'active-directory': {
    filter: '(&(objectCategory=person)(objectClass=user)(sAMAccountName={name}))',
    nameAttribute: 'sAMAccountName',
    groups: 'nested',
  },
  other: { filter: '(&(objectClass=inetOrgPerson)(uid={name}))', nameAttribute: 'uid', groups: 'search' },
};

/** What is being entered about a source of accounts. */
export class SourceForm {
  readonly kind: SignInSettings['kind'];
  readonly source: SignInSource | null;
  name = $state('');
  enabled = $state(true);
  secret = $state('');
  rules: GroupRule[] = $state([]);
  caCertificate = $state('');

  issuer = $state('');
  clientId = $state('');
  scopes = $state('profile email');
  groupsClaim = $state('groups');
  checksSecondFactor = $state(false);
  acrValues = $state('');

  directory: Directory = $state('active-directory');
  servers = $state('');
  how: LdapSettings['bind']['how'] = $state('search');
  bindUser = $state('');
  pattern = $state('');
  base = $state('');
  filter = $state(usual['active-directory'].filter);
  nameAttribute = $state(usual['active-directory'].nameAttribute);
  groups: LdapSettings['groups'] = $state(usual['active-directory'].groups);
  groupBase = $state('');

  constructor(kind: SignInSettings['kind'], source: SignInSource | null) {
    this.kind = kind;
    this.source = source;
    if (source === null) return;
    this.name = source.name;
    this.enabled = source.enabled;
    this.rules = source.rules.map((rule) => ({ ...rule }));
    this.caCertificate = source.settings.caCertificate ?? '';
    if (source.settings.kind === 'oidc') this.#takeOidc(source.settings);
    else this.#takeLdap(source.settings);
  }

  /** Another kind of directory: what is usual there, unless somebody has changed it. */
  setDirectory(to: Directory): void {
    const before = usual[this.directory];
    const after = usual[to];
    if (this.filter === before.filter) this.filter = after.filter;
    if (this.nameAttribute === before.nameAttribute) this.nameAttribute = after.nameAttribute;
    if (this.groups === before.groups) this.groups = after.groups;
    this.directory = to;
  }

  get settings(): SignInSettings {
    const caCertificate = this.caCertificate.trim() === '' ? null : this.caCertificate;
    if (this.kind === 'oidc')
      return {
        kind: 'oidc',
        issuer: this.issuer.trim(),
        clientId: this.clientId,
        scopes: this.scopes,
        groupsClaim: this.groupsClaim,
        checksSecondFactor: this.checksSecondFactor,
        acrValues: this.checksSecondFactor ? this.acrValues : '',
        caCertificate,
      };
    return {
      kind: 'ldap',
      servers: this.servers
        .split(/[\s,]+/)
        .map((server) => server.trim())
        .filter((server) => server !== ''),
      caCertificate,
      directory: this.directory,
      bind:
        this.how === 'search'
          ? { how: 'search', user: this.bindUser }
          : { how: 'direct', pattern: this.pattern },
      base: this.base,
      filter: this.filter,
      nameAttribute: this.nameAttribute,
      groups: this.groups,
      groupBase: this.groupBase.trim() === '' ? this.base : this.groupBase,
    };
  }

  /** What is sent; an empty secret leaves the saved one. */
  get body(): NewSignInSource {
    return {
      name: this.name,
      enabled: this.enabled,
      settings: this.settings,
      rules: $state.snapshot(this.rules),
      ...(this.secret === '' ? {} : { secret: this.secret }),
    };
  }

  #takeOidc(settings: OidcSettings): void {
    this.issuer = settings.issuer;
    this.clientId = settings.clientId;
    this.scopes = settings.scopes;
    this.groupsClaim = settings.groupsClaim;
    this.checksSecondFactor = settings.checksSecondFactor;
    this.acrValues = settings.acrValues;
  }

  #takeLdap(settings: LdapSettings): void {
    this.directory = settings.directory;
    this.servers = settings.servers.join('\n');
    this.how = settings.bind.how;
    if (settings.bind.how === 'search') this.bindUser = settings.bind.user;
    else this.pattern = settings.bind.pattern;
    this.base = settings.base;
    this.filter = settings.filter;
    this.nameAttribute = settings.nameAttribute;
    this.groups = settings.groups;
    this.groupBase = settings.groupBase;
  }
}
