"""The output folder of a site → a bucket or folder that serves it, in an order that breaks no page."""

from ssg.deploy.applying import DeployFailed, apply
from ssg.deploy.planning import Known, Rules, plan
from ssg.deploy.running import Done, Task, Wishes, choose_target, deploy, open_remote, purge_only, rollback
from ssg.deploy.values import Action, DeployReport, Item, Manifest, Phase, Plan, Reason

__all__ = [
    "Action",
    "DeployFailed",
    "DeployReport",
    "Done",
    "Item",
    "Known",
    "Manifest",
    "Phase",
    "Plan",
    "Reason",
    "Rules",
    "Task",
    "Wishes",
    "apply",
    "choose_target",
    "deploy",
    "open_remote",
    "plan",
    "purge_only",
    "rollback",
]
