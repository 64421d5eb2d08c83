using System.Collections.Frozen;
using Portico.Core.Engines;
using Portico.Core.Plans;
using Portico.Core.Services;

namespace Portico.ControlPlane.Jobs;

/// <summary>The instance types of jobs, with the ids of Render's API.</summary>
/// <remarks>See https://render.com/docs/one-off-jobs. Names of plans are accepted too.</remarks>
internal static class JobPlans
{
    private const string Default = "starter";

    private static readonly FrozenDictionary<string, string> Plans = new Dictionary<string, string>
    {
        ["plan-srv-006"] = "starter",
        ["plan-srv-008"] = "standard",
        ["plan-srv-010"] = "pro",
        ["plan-srv-011"] = "pro plus",
        ["plan-srv-013"] = "pro max",
        ["plan-srv-014"] = "pro ultra",
        ["plan-crn-003"] = "starter",
        ["plan-crn-005"] = "standard",
        ["plan-crn-007"] = "pro",
        ["plan-crn-008"] = "pro plus",
        ["plan-crn-010"] = "pro max",
        ["plan-crn-011"] = "pro ultra",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Returns the id of the service's own plan, or the plan's name if Render has no id for it.</summary>
    public static string IdOf(ServiceType type, ServiceSettings settings)
    {
        var plan = settings.Plan ?? Default;
        var prefix = type == ServiceType.CronJob ? "plan-crn-" : "plan-srv-";
        return Plans.FirstOrDefault(item => item.Value == plan && item.Key.StartsWith(prefix, StringComparison.Ordinal)).Key ?? plan;
    }

    /// <returns>Null if there is no such plan.</returns>
    public static ResourceLimits? LimitsOf(string planId) =>
        InstanceTypes.Services.Find(Plans.GetValueOrDefault(planId) ?? planId.Replace('_', ' '))?.Limits;
}
