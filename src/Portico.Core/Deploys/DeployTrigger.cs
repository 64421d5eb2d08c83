namespace Portico.Core.Deploys;

/// <summary>What triggered a deploy: Render's <c>trigger</c>.</summary>
public enum DeployTrigger
{
    Other,
    Api,
    BlueprintSync,
    DeployHook,
    Manual,
    NewCommit,
    Rollback,
    ServiceResumed,
    ServiceUpdated,
}

public static class DeployTriggers
{
    /// <summary>Returns the name in Render's API.</summary>
    public static string Name(this DeployTrigger trigger) => trigger switch
    {
        DeployTrigger.Other => "other",
        DeployTrigger.Api => "api",
        DeployTrigger.BlueprintSync => "blueprint_sync",
        DeployTrigger.DeployHook => "deploy_hook",
        DeployTrigger.Manual => "manual",
        DeployTrigger.NewCommit => "new_commit",
        DeployTrigger.Rollback => "rollback",
        DeployTrigger.ServiceResumed => "service_resumed",
        DeployTrigger.ServiceUpdated => "service_updated",
        _ => throw new ArgumentOutOfRangeException(nameof(trigger)),
    };
}
