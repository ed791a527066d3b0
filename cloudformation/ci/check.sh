# Looks at what the stacks have made in a Region: TARGET_REGION, and the domain DOMAIN_ID there.
set -euo pipefail
status=$(aws sagemaker describe-domain --region "$TARGET_REGION" --domain-id "$DOMAIN_ID" --query Status --output text)
echo "Domain $DOMAIN_ID is $status"
test "$status" = InService
