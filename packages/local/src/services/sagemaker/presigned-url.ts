import { alphanumerics } from '../../random.ts';
import { keepAccess } from '../../studio/access.ts';
import { get, getVisible, invalid, type Operations, profileKey, spaceKey } from './records.ts';

const landingUri = /^(studio::|app:(JupyterServer|JupyterLab|RStudioServerPro|CodeEditor|Canvas):)[^\s]*$/;

/** Seconds that a URL can be opened within, unless the request says otherwise. */
const defaultValidity = 300;

/** Seconds that a visit lasts which begins with it. */
const defaultSession = 43_200;

export const presignedUrlOperations: Operations = {
  /** The URL has the form of AWS's, with the end of its validity in its token. Where Studio is not served, nothing answers there. */
  CreatePresignedDomainUrl(request, call) {
    const { DomainId = '', UserProfileName, SpaceName, LandingUri, ExpiresInSeconds = defaultValidity } = request;
    const { SessionExpirationDurationInSeconds: session = defaultSession } = request;
    const { shown: domain } = getVisible('domain', DomainId, call);
    const profile = get('user-profile', profileKey(DomainId, UserProfileName), call);
    if (domain.AuthMode !== 'IAM') {
      throw invalid(`CreatePresignedDomainUrl is not supported for Domain [${domain.DomainArn}] with AuthMode SSO.`);
    }
    if (profile.shown.Status !== 'InService') {
      throw invalid(`UserProfile [${profile.arn}] is not in InService status.`);
    }
    if (SpaceName !== undefined) get('space', spaceKey(DomainId, SpaceName), call);
    if (LandingUri !== undefined && !landingUri.test(LandingUri)) throw invalid(`LandingUri ${LandingUri} is invalid.`);
    const content = { until: call.clock.now() + ExpiresInSeconds * 1000, profile: profile.arn, LandingUri };
    const token = `${Buffer.from(JSON.stringify(content)).toString('base64url')}.${alphanumerics(call.cloud.store, 32)}`;
    const { servesStudio, jupyter } = call.cloud;
    if (!servesStudio && jupyter === undefined) return { AuthorizedUrl: `${domain.Url}/auth?token=${token}` };
    const owner = SpaceName === undefined ? { UserProfileName } : { SpaceName };
    const isLab = SpaceName !== undefined && !LandingUri?.startsWith('app:JupyterServer:');
    keepAccess(call, token, { until: content.until, session, app: { DomainId, ...owner }, isLab });
    return { AuthorizedUrl: `${call.cloud.endpoint}/auth?token=${token}` };
  },
};
