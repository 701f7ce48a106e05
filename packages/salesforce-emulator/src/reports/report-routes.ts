import type { EmulatorParts } from '../emulator-parts.ts';
import { ApiFault } from '../http/api-fault.ts';
import { parseJsonBody } from '../http/json-body.ts';
import { emptyReply, jsonReply } from '../http/reply.ts';
import type { Call, Route } from '../http/router.ts';
import { SoqlFault } from '../org/org.ts';
import { toLongId } from '../org/record-id.ts';
import { useReportRun } from './report-allowance.ts';
import type { ReportDefinition } from './report-definition.ts';
import { type ReportInstance, ReportInstances } from './report-instances.ts';
import { extendedMetadata, reportMetadata, reportTypeMetadata } from './report-metadata.ts';
import { filterCondition, overridden, type Overrides, overridesSchema } from './report-overrides.ts';
import { describeFields, runReport } from './run-report.ts';

const BASE = '/services/data/:version/analytics/reports';
const MOST_LISTED = 200;
const SINCE = 29;

/** Reports: their list, what they are, and their runs, at once or fetched later. */
export function reportRoutes(parts: EmulatorParts): readonly Route[] {
  const { org, clock, options } = parts;
  const instances = new ReportInstances(clock, options.reports);
  const report = ({ params }: Call): ReportDefinition => findReport(parts, params['report'] ?? '');
  const instanceOf = (call: Call): ReportInstance => {
    const found = instances.find(report(call).id, call.params['instance'] ?? '');
    if (found === undefined) throw unavailable();
    return found;
  };
  return [
    {
      method: 'GET',
      path: BASE,
      since: SINCE,
      handle: ({ version }) =>
        jsonReply(
          org.reports.slice(0, MOST_LISTED).map((one) => ({ id: one.id, name: one.name, ...urlsOf(one, version) })),
        ),
    },
    {
      method: 'GET',
      path: `${BASE}/:report/describe`,
      since: SINCE,
      handle: (call) => jsonReply(describeJson(report(call), parts)),
    },
    ...['GET', 'POST'].map((method): Route => ({
      method,
      path: `${BASE}/:report`,
      since: SINCE,
      async handle(call) {
        const found = report(call);
        useReportRun(parts.quotas, 'HourlySyncReportRuns');
        const body = await runJson(found, call, parts);
        return jsonReply({ attributes: reportAttributes(found, call.version), ...body });
      },
    })),
    {
      method: 'POST',
      path: `${BASE}/:report/instances`,
      since: SINCE,
      async handle(call) {
        const found = report(call);
        useReportRun(parts.quotas, 'HourlyAsyncReportRuns');
        const body = await runJson(found, call, parts);
        const instance = instances.create(found.id, includesDetails(call), body);
        return jsonReply(handleJson(instance, call, instances, org.userId), { status: 201 });
      },
    },
    {
      method: 'GET',
      path: `${BASE}/:report/instances`,
      since: SINCE,
      handle: (call) =>
        jsonReply(instances.of(report(call).id).map((one) => handleJson(one, call, instances, org.userId))),
    },
    {
      method: 'GET',
      path: `${BASE}/:report/instances/:instance`,
      since: SINCE,
      handle(call) {
        const instance = instanceOf(call);
        const attributes = instanceAttributes(instance, report(call), instances, org.userId);
        const isDone = instances.statusOf(instance) === 'Success';
        return jsonReply(isDone ? { attributes, ...instance.body } : { attributes, factMap: null });
      },
    },
    {
      method: 'DELETE',
      path: `${BASE}/:report/instances/:instance`,
      since: SINCE,
      handle(call) {
        instances.remove(instanceOf(call));
        return emptyReply(204);
      },
    },
  ];
}

/** @throws {ApiFault} 403 without the permission, 404 for a report the user cannot see, 501 for a joined one. */
function findReport({ org, options }: EmulatorParts, id: string): ReportDefinition {
  if (!options.reports.permitted) {
    throw new ApiFault(403, 'FORBIDDEN', 'You don’t have permission to run reports.');
  }
  const longId = toLongId(id);
  const found = org.reports.find((one) => one.id === longId);
  if (found === undefined) throw unavailable();
  if (found.format === 'MULTI_BLOCK') {
    throw new ApiFault(501, 'NOT_IMPLEMENTED', 'You’re requesting data for an unsupported report format.');
  }
  return found;
}

function unavailable(): ApiFault {
  return new ApiFault(404, 'NOT_FOUND', 'The data you’re trying to access is unavailable.');
}

async function runJson(report: ReportDefinition, call: Call, { org, clock, options }: EmulatorParts): Promise<object> {
  const overrides = await overridesOf(call);
  const changed = overridden(report, overrides);
  const includeDetails = includesDetails(call);
  const condition = filterCondition(report, overrides, org.object(report.object));
  try {
    const run = runReport(changed, {
      org,
      nowMs: clock.now(),
      locale: options.reports.locale,
      includeDetails,
      condition,
    });
    const { allData, factMap, groupingsDown, groupingsAcross, fields } = run;
    return {
      allData,
      factMap,
      groupingsDown,
      groupingsAcross,
      hasDetailRows: includeDetails,
      hasExceededTabularRowLimit: !allData,
      reportExtendedMetadata: extendedMetadata(changed, fields),
      reportMetadata: reportMetadata(changed),
    };
  } catch (error) {
    throw error instanceof SoqlFault ? new ApiFault(400, 'BAD_REQUEST', error.message) : error;
  }
}

function describeJson(report: ReportDefinition, { org, clock }: EmulatorParts): object {
  const fields = describeFields(report, org, clock.now());
  return {
    attributes: { type: 'Report', reportId: report.id, reportName: report.name },
    reportExtendedMetadata: extendedMetadata(report, fields),
    reportMetadata: reportMetadata(report),
    reportTypeMetadata: reportTypeMetadata(report, fields),
  };
}

function includesDetails({ request }: Call): boolean {
  return request.query.get('includeDetails') === 'true';
}

/** An empty body changes nothing. @throws {ApiFault} 415 when the body is not said to be JSON. */
async function overridesOf({ request }: Call): Promise<Overrides> {
  if (request.method !== 'POST') return {};
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new ApiFault(415, 'UNSUPPORTED_MEDIA_TYPE', 'Content-Type must be application/json');
  }
  const text = await request.text();
  return text.trim() === '' ? {} : (parseJsonBody(text, overridesSchema).reportMetadata ?? {});
}

function urlsOf({ id }: ReportDefinition, version: string): Readonly<Record<string, string>> {
  const url = `/services/data/v${version}/analytics/reports/${id}`;
  return { url, describeUrl: `${url}/describe`, instancesUrl: `${url}/instances` };
}

function reportAttributes(report: ReportDefinition, version: string): object {
  const { describeUrl, instancesUrl } = urlsOf(report, version);
  return { type: 'Report', reportId: report.id, reportName: report.name, describeUrl, instancesUrl };
}

function secondsText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

function instanceFacts(instance: ReportInstance, instances: ReportInstances, ownerId: string): object {
  const status = instances.statusOf(instance);
  return {
    id: instance.id,
    status,
    ownerId,
    queryable: status === 'Success',
    requestDate: secondsText(instance.requestedMs),
    completionDate: status === 'Success' ? secondsText(instance.completesMs) : null,
  };
}

function handleJson(instance: ReportInstance, { version }: Call, instances: ReportInstances, ownerId: string): object {
  const url = `/services/data/v${version}/analytics/reports/${instance.reportId}/instances/${instance.id}`;
  return { ...instanceFacts(instance, instances, ownerId), url, hasDetailRows: instance.includeDetails };
}

function instanceAttributes(
  instance: ReportInstance,
  report: ReportDefinition,
  instances: ReportInstances,
  ownerId: string,
): object {
  const { id: reportId, name: reportName } = report;
  return { type: 'ReportInstance', reportId, reportName, ...instanceFacts(instance, instances, ownerId) };
}
