import { SluiceError } from '@sluice/core';

const MY_DOMAIN_FORM = 'https://<domain>.my.salesforce.com';

/** Hosts that show an org's pages but do not serve its API, and the host that does. */
const PAGE_HOSTS: readonly { readonly suffix: string; readonly kind: string }[] = [
  { suffix: '.lightning.force.com', kind: 'a Lightning page' },
  { suffix: '.my.salesforce-setup.com', kind: 'a setup page' },
  { suffix: '.my.site.com', kind: 'an Experience Cloud site' },
  { suffix: '.my.salesforce-sites.com', kind: 'a Salesforce site' },
  { suffix: '.vf.force.com', kind: 'a Visualforce page' },
  { suffix: '.visual.force.com', kind: 'a Visualforce page' },
  { suffix: '.visualforce.com', kind: 'a Visualforce page' },
  { suffix: '.file.force.com', kind: 'a file host' },
  { suffix: '.force.com', kind: 'a site' },
];

const LOGIN_HOSTS = new Set(['login.salesforce.com', 'test.salesforce.com']);

/**
 * The origin of an org's My Domain.
 *
 * @throws `CONFIG_INVALID` unless it is `https` (or `http` to a loopback address) and names the host that serves the
 * org's API; the message shows the form that works.
 */
export function parseEnvironmentUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw refusal(`environmentUrl is not a URL`);
  if (url.username !== '' || url.password !== '') throw refusal('environmentUrl must not contain credentials');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) {
    throw refusal(`environmentUrl must use https, not ${url.protocol.slice(0, -1)}`);
  }
  refusePageHost(url.hostname);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw refusal('environmentUrl must end after the host', `Use ${url.origin}.`);
  }
  return url;
}

/**
 * The origin requests go to, as the token response names it.
 *
 * @throws `RESPONSE_INVALID` when sending a session there would not be safe.
 */
export function parseInstanceUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url !== undefined && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)));
  if (!isSafe) {
    throw new SluiceError('RESPONSE_INVALID', 'the token response names an instance that is not an https URL', {
      hint: 'Check that environmentUrl is the My Domain of the org and that nothing between answers in its place.',
    });
  }
  return new URL(url.origin);
}

function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(url.hostname);
}

function refusePageHost(hostname: string): void {
  if (LOGIN_HOSTS.has(hostname)) {
    throw refusal(`${hostname} does not serve client credentials: only the org's own host does`);
  }
  const page = PAGE_HOSTS.find(({ suffix }) => hostname.endsWith(suffix));
  if (page !== undefined) {
    // Only these two families carry the domain unchanged, sandbox suffix included.
    const carriesDomain = page.suffix === '.lightning.force.com' || page.suffix.startsWith('.my.');
    const domain = hostname.slice(0, -page.suffix.length);
    throw refusal(
      `${hostname} is ${page.kind}, which does not serve the API`,
      carriesDomain ? `Use https://${domain}.my.salesforce.com.` : undefined,
    );
  }
  if (hostname.endsWith('.salesforce.com') && !hostname.endsWith('.my.salesforce.com')) {
    throw refusal(`${hostname} is not the My Domain of an org`);
  }
}

function refusal(message: string, hint?: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `${message}; expected ${MY_DOMAIN_FORM}`, {
    hint: hint ?? `Find the host under Setup, My Domain, and use ${MY_DOMAIN_FORM}.`,
  });
}
