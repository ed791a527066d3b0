import { getLiveSecret, invalidParameter, type Operations } from './records.ts';
import { addVersion, checkValue, getVersion, hasValue } from './versions.ts';

/** What is read and written of secrets' values. */
export const valueOperations: Operations = {
  GetSecretValue({ SecretId, VersionId, VersionStage }, call) {
    const secret = getLiveSecret(call, SecretId);
    const version = getVersion(secret, { VersionId, VersionStage });
    // AWS tells only the day.
    secret.accessed = new Date(Math.floor(call.clock.now() / 86_400_000) * 86_400_000);
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      SecretString: version.string,
      SecretBinary: version.binary,
      VersionStages: version.stages,
      CreatedDate: version.created,
    };
  },

  PutSecretValue({ SecretId, VersionStages = ['AWSCURRENT'], ...given }, call) {
    const secret = getLiveSecret(call, SecretId);
    if (!hasValue(given)) {
      throw invalidParameter('You must provide either SecretString or SecretBinary.');
    }
    checkValue(given);
    // What comes first is current in any case.
    const isFirst = secret.versions.length === 0;
    const stages = isFirst ? [...new Set([...VersionStages, 'AWSCURRENT'])] : VersionStages;
    const version = addVersion(secret, given, stages, call);
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages };
  },

  ListSecretVersionIds({ SecretId }, call) {
    const { arn, name, versions, kmsKeyId } = getLiveSecret(call, SecretId);
    return {
      ARN: arn,
      Name: name,
      Versions: versions.map(({ id, stages, created }) => ({
        VersionId: id,
        VersionStages: stages,
        CreatedDate: created,
        KmsKeyIds: [kmsKeyId ?? 'DefaultEncryptionKey'],
      })),
    };
  },
};
