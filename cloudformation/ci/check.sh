# Examines what the stacks have made in a Region: TARGET_REGION, the provider, which has to run the code of its release, and the
# domain DOMAIN_ID.
set -euo pipefail
npm run doctor -- --region "$TARGET_REGION" --stack studio-resources-ci-provider
status=$(aws sagemaker describe-domain --region "$TARGET_REGION" --domain-id "$DOMAIN_ID" --query Status --output text)
echo "Domain $DOMAIN_ID is $status"
test "$status" = InService
