"""MiniStack 1.5.33, and what it lacks of AWS for this stack: run by the Python of its virtual environment.

Each patch says what MiniStack does instead, and what AWS does. Where a new version of MiniStack does it itself, the patch
can go: `npm run e2e -- --engine ministack` passes without it.
"""

import json
import os
import sys
from importlib.metadata import version

from ministack import app
from ministack.core import iam_actions, iam_evaluator, lambda_runtime
from ministack.services import apigateway, eventbridge, lambda_svc
from ministack.services import stepfunctions as sfn
from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS as RESOURCES

VERSION = "1.5.33"
if version("ministack") != VERSION:
    sys.exit(f"this is written for MiniStack {VERSION}, and not for {version('ministack')}")


def patched(module, name):
    """Replaces a function of a module by one that is given it."""

    def replace(replacement):
        original = getattr(module, name)
        setattr(module, name, lambda *given, **named: replacement(original, *given, **named))
        return replacement

    return replace


# --- Lambda ---------------------------------------------------------------------------------------------------------

# MiniStack: each error of a Node handler is a Runtime.HandlerError. AWS: it has the error's own name, which is what Retry
# and Catch of a workflow match. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
MESSAGE = "error: String(err.message || err),"
WITH_NAME = r'error: "\0" + ((err && err.name) || "Error") + "\0" + String(err.message || err),'
assert lambda_runtime._NODEJS_WORKER_SCRIPT.count(MESSAGE) == 1
lambda_runtime._NODEJS_WORKER_SCRIPT = lambda_runtime._NODEJS_WORKER_SCRIPT.replace(MESSAGE, WITH_NAME)


@patched(lambda_svc, "_execute_function_warm")
def with_its_name(execute, *given):
    result = execute(*given)
    body = result.get("body")
    if result.get("error") and str(body.get("errorMessage")).startswith("\0"):
        _, body["errorType"], body["errorMessage"] = body["errorMessage"].split("\0", 2)
    return result


# MiniStack: a published version has the concurrency that was reserved when it was published, which is none. AWS: what is
# reserved is the function's, for all its versions. https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
@patched(lambda_svc, "_reserved_concurrency")
def of_all_versions(reserved, function, config):
    return reserved(lambda_svc._functions.get(config.get("FunctionName")) or function, config)


# --- EventBridge ----------------------------------------------------------------------------------------------------


# MiniStack: an event is given to a function once. AWS: by an asynchronous invocation, which is tried again, and ends at
# the function's destination. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
@patched(eventbridge, "_dispatch_to_lambda")
def asynchronously(_, arn, payload):
    function, config, _name = lambda_svc._get_func_record_for_ref(arn)
    lambda_svc.invoke_async_with_retry(lambda_svc._execution_record_for_config(function, config), json.loads(payload))


# --- Step Functions -------------------------------------------------------------------------------------------------


# MiniStack: a task whose function is throttled fails with Lambda.Unknown. AWS: Lambda.TooManyRequestsException.
# https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
@patched(sfn, "_call_lambda")
def throttled(call, *given):
    try:
        return call(*given)
    except sfn._ExecutionError as error:
        if error.error == "Lambda.Unknown" and "TooManyRequestsException" in error.cause:
            error.error = "Lambda.TooManyRequestsException"
        raise


# MiniStack: an execution that was stopped tries its task again, and tells of it after its end. AWS: it has ended.
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
@patched(sfn, "_add_event")
def until_its_end(add, execution, event_type, *details):
    if execution["events"] and execution["events"][-1]["type"] == "ExecutionAborted":
        sys.exit()  # of this thread, which is the execution's
    return add(execution, event_type, *details)


# --- CloudFormation: the types that MiniStack has none of -----------------------------------------------------------


def answered(response):
    """What an operation of MiniStack's has answered; its error is the resource's."""
    status, _headers, body, *_ = response
    if status >= 400:
        raise ValueError(body.decode() if isinstance(body, bytes) else body)
    return json.loads(body) if body else {}


def resource(resource_type, create, delete, update=None):
    """`create` and `update` are given the properties and the physical id, as far as there is one, and return it."""
    RESOURCES[resource_type] = {
        "create": lambda logical_id, props, stack: create(props, f"{stack}-{logical_id}"),
        "update": lambda physical_id, old, new, stack: (update or (lambda _, i: (i, {})))(new, physical_id),
        "delete": lambda physical_id, props: delete(physical_id),
    }


def machine_version(props, _id):
    asked = {"stateMachineArn": props["StateMachineArn"], "revisionId": props.get("StateMachineRevisionId")}
    arn = answered(sfn._publish_state_machine_version(asked))["stateMachineVersionArn"]
    return arn, {"Arn": arn}


def routing(props):
    # AWS shifts an alias that was there before by degrees, where it is asked to, and watches alarms. Here it is at once.
    return [{"stateMachineVersionArn": props["DeploymentPreference"]["StateMachineVersionArn"], "weight": 100}]


def machine_alias(props, _id):
    asked = {"name": props["Name"], "routingConfiguration": routing(props)}
    arn = answered(sfn._create_state_machine_alias(asked))["stateMachineAliasArn"]
    return arn, {"Arn": arn}


def routed_alias(props, arn):
    answered(sfn._update_state_machine_alias({"stateMachineAliasArn": arn, "routingConfiguration": routing(props)}))
    return arn, {"Arn": arn}


resource(
    "AWS::StepFunctions::StateMachineVersion",
    machine_version,
    lambda arn: answered(sfn._delete_state_machine_version({"stateMachineVersionArn": arn})),
)
resource(
    "AWS::StepFunctions::StateMachineAlias",
    machine_alias,
    lambda arn: answered(sfn._delete_state_machine_alias({"stateMachineAliasArn": arn})),
    routed_alias,
)


def archive(props, _id):
    asked = {
        "ArchiveName": props["ArchiveName"],
        "EventSourceArn": props["SourceArn"],
        "RetentionDays": props.get("RetentionDays", 0),
        "EventPattern": json.dumps(props["EventPattern"]) if "EventPattern" in props else "",
    }
    return props["ArchiveName"], {"Arn": answered(eventbridge._create_archive(asked))["ArchiveArn"]}


resource(
    "AWS::Events::Archive", archive, lambda name: answered(eventbridge._delete_archive({"ArchiveName": name}))
)

# --- Accepted and forgotten: what nothing here can show (docs/engines.md) -------------------------------------------

for forgotten in ("AWS::EventSchemas::Registry", "AWS::EventSchemas::Schema", "AWS::Logs::QueryDefinition"):
    resource(forgotten, lambda _props, physical_id: (physical_id, {}), lambda _id: None)

# MiniStack: an alarm on a metric is kept, one on an expression over metrics is refused.
metric_alarm = RESOURCES["AWS::CloudWatch::Alarm"]


def alarm(logical_id, props, stack):
    if "Metrics" not in props:
        return metric_alarm["create"](logical_id, props, stack)
    return props["AlarmName"], {"Arn": f"arn:aws:cloudwatch:us-east-1:000000000000:alarm:{props['AlarmName']}"}


RESOURCES["AWS::CloudWatch::Alarm"] = {**metric_alarm, "create": alarm}

# --- The API's address ----------------------------------------------------------------------------------------------

# MiniStack: <id>.execute-api.localhost, which not every resolver knows; it serves the API below this path as well.
http_api = RESOURCES["AWS::ApiGatewayV2::Api"]


def by_path(*given):
    api_id, attributes = http_api["create"](*given)
    endpoint = f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}/_aws/execute-api/{api_id}"
    apigateway._apis[api_id]["apiEndpoint"] = endpoint
    return api_id, {**attributes, "ApiEndpoint": endpoint}


RESOURCES["AWS::ApiGatewayV2::Api"] = {**http_api, "create": by_path}

# --- IAM ------------------------------------------------------------------------------------------------------------


# The bucket that `cdk bootstrap` makes refuses what does not come by TLS, and rightly so. Here loopback stands for it.
@patched(app, "pin_request_origin")
def by_tls(pin, source_ip, _secure_transport):
    pin(source_ip, True)


# MiniStack: who starts a replay, or looks at one, needs a grant on everything. AWS: on the archive, the bus and the replay,
# of which this asks for one. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
@patched(iam_actions, "extract_resource_arn")
def of_the_replay(extract, service, method, path, headers, body, query, region, account):
    match headers.get("x-amz-target"):
        case "AWSEvents.StartReplay":
            return json.loads(body)["EventSourceArn"]
        case "AWSEvents.DescribeReplay":
            return f"arn:aws:events:{region}:{account}:replay/{json.loads(body)['ReplayName']}"
    return extract(service, method, path, headers, body, query, region, account)


@patched(iam_evaluator, "enforce")
def as_aws_asks(enforce, key, action, service, region, resource_arn="*", service_context=None):
    def ask(action, resource_arn, context=service_context):
        return enforce(key, action, service, region, resource_arn, context)

    # MiniStack: a batch needs an action of its own. AWS: that of each of its entries.
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
    if service == "sqs":
        return ask(action.removesuffix("Batch"), resource_arn)
    # MiniStack: who starts a workflow by its alias needs a grant on the alias. AWS: on the machine, and tells which alias.
    # https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
    parts = resource_arn.split(":")
    if parts[5:6] == ["stateMachine"] and len(parts) == 8:
        return ask(action, ":".join(parts[:7]), {**(service_context or {}), "states:StateMachineQualifier": [parts[7]]})
    # MiniStack: who answers a task needs a grant on everything, as the reference names no resource. AWS: on the machine
    # whose task waits, as the CDK grants it. https://github.com/aws/aws-cdk/pull/8486
    if action in ("states:SendTaskSuccess", "states:SendTaskFailure"):
        return next((None for machine in list(sfn._state_machines) if ask(action, machine) is None), ask(action, "*"))
    return ask(action, resource_arn)


sys.argv = ["ministack"]
app.main()
