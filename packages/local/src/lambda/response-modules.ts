/**
 * The modules that CloudFormation adds to functions whose source is in the template, with the arguments, the response and the
 * log lines that AWS documents:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html
 *
 * Unlike AWS's, they count bytes in `content-length`, so that a response may hold letters outside of ASCII, and take the
 * scheme and the port from the URL, which here need not be those of HTTPS.
 */

/** `require('cfn-response')` */
export const cfnResponse = `'use strict';

exports.SUCCESS = 'SUCCESS';
exports.FAILED = 'FAILED';

exports.send = (event, context, responseStatus, responseData, physicalResourceId, noEcho) => {
  const body = JSON.stringify({
    Status: responseStatus,
    Reason: 'See the details in CloudWatch Log Stream: ' + context.logStreamName,
    PhysicalResourceId: physicalResourceId || context.logStreamName,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    NoEcho: noEcho || false,
    Data: responseData,
  });
  console.log('Response body:\\n', body);
  const url = new URL(event.ResponseURL);
  const { request } = url.protocol === 'http:' ? require('node:http') : require('node:https');
  const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
  const { hostname, port } = url;
  const sent = new Promise((resolve, reject) => {
    // Node.js 24 has no done: its handlers return the promise.
    const done = (error) => context.done?.(error);
    const call = request({ hostname, port, path: url.pathname + url.search, method: 'PUT', headers }, (response) => {
      console.log('Status code: ' + response.statusCode);
      response.resume?.();
      resolve(done());
    });
    call.on('error', (error) => {
      console.log('send(..) failed executing https.request(..): ' + withoutSignature(String(error)));
      done(error);
      reject(error);
    });
    call.end(body);
  });
  // A handler that does not return it has to end as well; one that does is told nevertheless.
  sent.catch(() => {});
  return sent;
};

function withoutSignature(text) {
  return text.replace(/(X-Amz-(?:Credential|Signature)=)[^&\\s]+/gi, '$1*****');
}
`;

/** `import cfnresponse` */
export const cfnresponse = `import json
import re
import urllib.request

SUCCESS = "SUCCESS"
FAILED = "FAILED"


def send(event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False, reason=None):
    body = json.dumps(
        {
            "Status": responseStatus,
            "Reason": reason or "See the details in CloudWatch Log Stream: " + context.log_stream_name,
            "PhysicalResourceId": physicalResourceId or context.log_stream_name,
            "StackId": event["StackId"],
            "RequestId": event["RequestId"],
            "LogicalResourceId": event["LogicalResourceId"],
            "NoEcho": noEcho,
            "Data": responseData,
        }
    )
    print("Response body:")
    print(body)
    request = urllib.request.Request(
        event["ResponseURL"], data=body.encode(), headers={"content-type": ""}, method="PUT"
    )
    try:
        with urllib.request.urlopen(request) as response:
            print("Status code:", response.status)
    except Exception as error:
        print("send(..) failed executing http.request(..):", _without_signature(str(error)))


def _without_signature(text):
    return re.sub(r"(X-Amz-(?:Credential|Signature)=)[^&\\s]+", r"\\1*****", text, flags=re.IGNORECASE)
`;
