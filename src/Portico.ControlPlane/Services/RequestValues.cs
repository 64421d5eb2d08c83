using Portico.Api.Contracts.Render;
using Portico.Blueprint.Rules;
using Portico.ControlPlane.Refusals;
using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>Parses single values of request bodies. An empty text counts as absent.</summary>
internal static class RequestValues
{
    public static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;

    /// <summary>Converts a plan to the spelling of Blueprints. Unknown plans are left unchanged; validation reports them.</summary>
    public static string? Plan(string? value) => Text(value) is { } plan ? Plans.Canonical(plan, Plans.Service) ?? plan : null;

    public static AutoDeploy? AutoDeployOf(string? trigger, string? flag) => (Text(trigger), Text(flag)) switch
    {
        ("commit", _) => AutoDeploy.Commit,
        ("off", _) => AutoDeploy.Off,
        ("checksPass", _) => AutoDeploy.ChecksPass,
        (null, null) => null,
        (null, "yes") => AutoDeploy.Commit,
        (null, "no") => AutoDeploy.Off,
        (null, _) => throw Unknown("autoDeploy", flag!, "yes or no"),
        _ => throw Unknown("autoDeployTrigger", trigger!, "commit, off or checksPass"),
    };

    public static BuildFilterSettings? Filter(BuildFilter? filter) =>
        filter is null or { Paths: null or { Count: 0 }, IgnoredPaths: null or { Count: 0 } }
            ? null
            : new BuildFilterSettings(NullIfEmpty(filter.Paths), NullIfEmpty(filter.IgnoredPaths));

    public static PreviewSettings? Previews(ServicePreviews? previews, string? flag) => (Text(previews?.Generation), Text(flag)) switch
    {
        (null, null) => null,
        ("off", _) or (null, "no") => new PreviewSettings("Off", null, null),
        ("automatic", _) or (null, "yes") => new PreviewSettings("Automatic", null, null),
        ("manual", _) => new PreviewSettings("Manual", null, null),
        (null, _) => throw Unknown("serviceDetails.pullRequestPreviewsEnabled", flag!, "yes or no"),
        _ => throw Unknown("serviceDetails.previews.generation", previews!.Generation!, "off, manual or automatic"),
    };

    public static bool? Subdomain(string? policy) => Text(policy) switch
    {
        null => null,
        "enabled" => true,
        "disabled" => false,
        _ => throw Unknown("serviceDetails.renderSubdomainPolicy", policy!, "enabled or disabled"),
    };

    public static IReadOnlyList<IpRule>? Rules(IReadOnlyList<CidrBlockAndDescription>? list) =>
        list?.Select(entry => new IpRule(entry.CidrBlock, Text(entry.Description))).ToList();

    public static AutoscalingForm? FormOf(AutoscalingConfig? config) => config is null ? null : new AutoscalingForm(
        config.Enabled, config.Min, config.Max, Criterion(config.Criteria.Cpu), Criterion(config.Criteria.Memory));

    /// <summary>Converts maintenance mode. Clients send back what they received, which may mean that there is none.</summary>
    public static MaintenanceSettings? Maintenance(MaintenanceMode? mode) =>
        mode is null or { Enabled: false, Uri: "" } ? null : new MaintenanceSettings(mode.Enabled, Text(mode.Uri));

    public static void RefuseCache(Cache? cache)
    {
        if (cache is not null and not { Profile: "no-cache" })
            throw NotYet("serviceDetails.cache.profile", "caching at the edge is", "; use no-cache");
    }

    /// <param name="what">The unsupported feature with a verb, for example <c>artifact sources are</c>.</param>
    public static RefusedException NotYet(string field, string what, string instead = "") =>
        Refusal.Invalid($"{field}: {what} not supported yet{instead}.");

    public static RefusedException Unknown(string field, string value, string expected) =>
        Refusal.Invalid($"{field}: unknown value '{value}'; use {expected}.");

    private static CriterionForm Criterion(AutoscalingCriterion criterion) => new(criterion.Enabled, criterion.Percentage);

    private static IReadOnlyList<string>? NullIfEmpty(IReadOnlyList<string>? list) => list is { Count: > 0 } ? list : null;
}
