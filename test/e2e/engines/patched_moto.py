"""moto's Step Functions interpreter as an engine for the workflows: `python patched_moto.py PORT AWS_PORT`.

It listens on PORT, and finds Lambda and EventBridge on AWS_PORT. moto 5.2.5 as it is released does so by configuration
alone; what it gets wrong besides, and the workflows or those who watch them would meet, is put right below, each patch with
the fault of moto's that it is for.
"""
import datetime
import os
import sys
from importlib.metadata import version

from botocore.exceptions import ClientError

VERSION = "5.2.5"
if version("moto") != VERSION:
    sys.exit(f"this is written for moto {VERSION}, and not for {version('moto')}")

port, aws_port = sys.argv[1:3]
# To its interpreter it is where every service is: http://localhost:MOTO_PORT.
os.environ["MOTO_PORT"] = aws_port

from moto.core.config import default_user_config
from moto.core.responses import ActionResult
from moto.server import main
from moto.stepfunctions.parser.api import (
    ExecutionAbortedEventDetails,
    ExecutionStatus,
    HistoryEventType,
    LambdaFunctionFailedEventDetails,
)
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task_lambda import StateTaskLambda
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.responses import StepFunctionResponse

# By default a state machine of moto's does nothing.
default_user_config["stepfunctions"] = {"execute_state_machine": True}

# 1. A Lambda task that Lambda itself refuses fails with the error `Exception`, whatever it was refused for, and no Retry
#    knows that name. AWS names it after Lambda's exception.
#    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-error-representation
error_of = StateTaskLambda._from_error


def lambda_error(self, env, ex):
    if not isinstance(ex, ClientError):
        return error_of(self, env, ex)
    error, cause = f"Lambda.{ex.response['Error']['Code']}", ex.response["Error"]["Message"]
    return FailureEvent(
        env=env,
        error_name=CustomErrorName(error),
        event_type=HistoryEventType.LambdaFunctionFailed,
        event_details=EventDetails(
            lambdaFunctionFailedEventDetails=LambdaFunctionFailedEventDetails(error=error, cause=cause)
        ),
    )


StateTaskLambda._from_error = lambda_error

# 2. GetExecutionHistory gives all events at once, oldest first, whatever reverseOrder and maxResults say.
#    https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
history_of = StepFunctionResponse.get_execution_history


def page_of_history(self):
    events = history_of(self).result["events"]
    if self._get_param("reverseOrder"):
        events = events[::-1]
    start = int(self._get_param("nextToken") or 0)
    end = start + (self._get_int_param("maxResults") or 100)
    return ActionResult({"events": events[start:end], **({"nextToken": str(end)} if end < len(events) else {})})


StepFunctionResponse.get_execution_history = page_of_history

# 3. StopExecution waits for the task that is at work, a day where an order is parked; the error and the cause that it was
#    given are lost; and the history goes on after its end.
#    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
ENDS = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut")
add_event = EventManager.add_event


def add_unless_ended(self, context, event_type, *args, **kwargs):
    with self._mutex:
        last = self._history_event_list[-1]["type"] if self._history_event_list else None
    return None if last in ENDS else add_event(self, context, event_type, *args, **kwargs)


def stop(self):
    execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
    if execution.exec_status == ExecutionStatus.RUNNING:
        env = execution.exec_worker.env
        details = ExecutionAbortedEventDetails(
            **{key: self._get_param(key) for key in ("error", "cause") if self._get_param(key)}
        )
        env.event_manager.add_event(
            env.event_history_context,
            HistoryEventType.ExecutionAborted,
            EventDetails(executionAbortedEventDetails=details),
        )
        execution.error, execution.cause = details.get("error"), details.get("cause")
        execution.stop_date = datetime.datetime.now(tz=datetime.timezone.utc)
        execution.exec_status = ExecutionStatus.ABORTED
        env.set_stop(stop_date=execution.stop_date, error=execution.error, cause=execution.cause)
    return ActionResult({"stopDate": execution.stop_date})


terminated = BaseExecutionWorkerCommunication.terminated


def terminated_unless_stopped(self):
    if self.execution.exec_status == ExecutionStatus.RUNNING:
        terminated(self)


EventManager.add_event = add_unless_ended
StepFunctionResponse.stop_execution = stop
BaseExecutionWorkerCommunication.terminated = terminated_unless_stopped

main(["-H", "127.0.0.1", "-p", port])
