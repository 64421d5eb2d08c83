using Portico.Api.Contracts.Render;
using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>Converts settings of services to the terms of Render's API.</summary>
internal static class ServiceTerms
{
    public const string DefaultRegion = "oregon", DefaultPlan = "starter", DefaultBranch = "main";

    /// <summary>Returns a plan in the spelling of Render's API, for example for <c>pro plus</c>.</summary>
    public static string PlanOf(ServiceSettings settings)
    {
        return (settings.Plan ?? DefaultPlan).Replace(' ', '_');
    }

    public static string RegionOf(ServiceSettings settings)
    {
        return settings.Region ?? DefaultRegion;
    }

    /// <returns>Null if there is no type of that name.</returns>
    public static ServiceType? TypeOf(string name) =>
        Enum.GetValues<ServiceType>().Cast<ServiceType?>().FirstOrDefault(type => type!.Value.Name() == name);

    /// <summary>Returns the configuration as a client sent it, unless a Blueprint has changed it since.</summary>
    public static AutoscalingConfig? AutoscalingOf(ServiceSettings settings) =>
        settings.AutoscalingForm is { } form && form.Effect() == settings.Scaling ? AutoscalingOf(form) : AutoscalingOf(settings.Scaling);

    private static AutoscalingConfig AutoscalingOf(AutoscalingForm form) => new()
    {
        Enabled = form.Enabled,
        Min = form.Min,
        Max = form.Max,
        Criteria = new AutoscalingCriteria(new(form.Cpu.Enabled, form.Cpu.Percentage), new(form.Memory.Enabled, form.Memory.Percentage)),
    };

    private static AutoscalingConfig? AutoscalingOf(ScalingSettings? scaling) => scaling is null ? null : new AutoscalingConfig
    {
        Enabled = true,
        Min = scaling.MinInstances ?? 1,
        Max = scaling.MaxInstances ?? scaling.MinInstances ?? 1,
        Criteria = new AutoscalingCriteria(CriterionOf(scaling.TargetCpuPercent), CriterionOf(scaling.TargetMemoryPercent)),
    };

    public static string NameOf(AutoDeploy trigger) => trigger switch
    {
        AutoDeploy.Off => "off",
        AutoDeploy.ChecksPass => "checksPass",
        _ => "commit",
    };

    private static AutoscalingCriterion CriterionOf(int? percent) => new(percent is not null, percent ?? 0);
}
