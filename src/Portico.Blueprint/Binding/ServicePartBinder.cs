using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;
using Portico.Blueprint.Rules;
using Portico.Blueprint.Syntax;

namespace Portico.Blueprint.Binding;

/// <summary>Reads the parts of a service that are mappings or lists.</summary>
internal static class ServicePartBinder
{
    public static ImageSpec? BindImage(Fields fields)
    {
        if (fields.Map("image") is not { } image)
            return null;
        var url = image.RequiredText("url", NetworkRules.Image);
        var credential = image.RegistryCredential("creds");
        image.Finish("'image'");
        return url is null ? null : new ImageSpec(url, credential);
    }

    public static ScalingSpec? BindScaling(Fields fields)
    {
        if (fields.Map("scaling") is not { } scaling)
            return null;
        var spec = new ScalingSpec(
            scaling.Whole("minInstances", 1, ValueRules.MostInstances), scaling.Whole("maxInstances", 1, ValueRules.MostInstances),
            scaling.Whole("targetMemoryPercent", ScalingRules.LeastTarget, ScalingRules.MostTarget),
            scaling.Whole("targetCPUPercent", ScalingRules.LeastTarget, ScalingRules.MostTarget));
        if (spec.MinInstances > spec.MaxInstances)
            fields.Bag.Error(Codes.Conflict, scaling.At("minInstances"), $"minInstances ({spec.MinInstances}) is greater than maxInstances ({spec.MaxInstances})");
        if (spec is { TargetMemoryPercent: null, TargetCpuPercent: null })
            fields.Bag.Warn(Codes.MissingField, scaling.Origin, "without a target, autoscaling has no effect", "set targetMemoryPercent or targetCPUPercent");
        scaling.Finish("'scaling'", lenient: true);
        return spec;
    }

    public static MaintenanceSpec? BindMaintenance(Fields fields)
    {
        if (fields.Map("maintenanceMode") is not { } mode)
            return null;
        if (!mode.Has("enabled"))
            mode.Missing("enabled");
        var spec = new MaintenanceSpec(mode.Flag("enabled") ?? false, mode.Text("uri", NetworkRules.WebPage));
        mode.Finish("'maintenanceMode'");
        return spec;
    }

    public static DiskSpec? BindDisk(Fields fields, string runtime)
    {
        if (fields.Map("disk") is not { } disk)
            return null;
        var name = disk.RequiredText("name", NameRules.Label);
        var mountPath = disk.RequiredText("mountPath", path => PathRules.Mount(path, runtime));
        var size = disk.Whole("sizeGB", 1);
        disk.Finish("'disk'");
        return name is null || mountPath is null ? null : new DiskSpec(name, mountPath, size);
    }

    public static BuildFilterSpec? BindBuildFilter(Fields fields)
    {
        if (fields.Map("buildFilter") is not { } filter)
            return null;
        var spec = new BuildFilterSpec(filter.Texts("paths"), filter.Texts("ignoredPaths"));
        filter.Finish("'buildFilter'", lenient: true);
        return spec;
    }

    public static ServicePreviews? BindPreviews(Fields fields, bool isStatic)
    {
        var previews = fields.Map("previews");
        var generation = previews?.Choice("generation", Vocabulary.Previews);
        var plan = isStatic ? null : previews?.Plan("plan", Plans.Service);
        var instances = isStatic ? null : previews?.Whole("numInstances", 1, ValueRules.MostInstances);
        previews?.Finish("'previews'");
        var enabled = fields.Flag("pullRequestPreviewsEnabled");
        var oldPlan = isStatic ? null : fields.Plan("previewPlan", Plans.Service);
        if (enabled is not null)
            fields.Bag.Warn(Codes.LegacySpelling, fields.At("pullRequestPreviewsEnabled"), "'pullRequestPreviewsEnabled' is deprecated", "use 'previews.generation'");
        if (oldPlan is not null)
            fields.Bag.Warn(Codes.LegacySpelling, fields.At("previewPlan"), "'previewPlan' is deprecated", "use 'previews.plan'");
        if (previews is null && enabled is null && oldPlan is null)
            return null;
        PreviewGeneration? old = enabled is { } on ? (on ? PreviewGeneration.Automatic : PreviewGeneration.Off) : null;
        return new ServicePreviews(generation ?? old, plan ?? oldPlan, instances);
    }

    public static AutoDeployTrigger? BindAutoDeploy(Fields fields)
    {
        var trigger = fields.Choice("autoDeployTrigger", Vocabulary.AutoDeploy);
        var flag = fields.Flag("autoDeploy");
        if (trigger is not null && flag is not null && flag != (trigger != AutoDeployTrigger.Off))
            fields.Bag.Warn(Codes.Conflict, fields.At("autoDeploy"), "'autoDeploy' is ignored because 'autoDeployTrigger' is set", "remove 'autoDeploy'");
        return trigger ?? (flag is { } on ? (on ? AutoDeployTrigger.Commit : AutoDeployTrigger.Off) : null);
    }

    /// <summary>Reads <c>domains</c> and its older singular.</summary>
    public static ValueList<string>? BindDomains(Fields fields)
    {
        var one = fields.Text("domain", NetworkRules.Domain);
        var many = fields.Texts("domains", NetworkRules.Domain);
        if (one is null)
            return many;
        return [one, .. (many ?? []).Where(domain => domain != one)];
    }

    public static ValueList<HeaderSpec>? BindHeaders(Fields fields) =>
        fields.List("headers", (node, at) => BindHeader(node, at, fields.Bag));

    private static HeaderSpec? BindHeader(YamlNode node, NodePath at, DiagnosticBag bag)
    {
        if (Fields.Of(node, at, bag, "write 'path', 'name' and 'value'") is not { } fields)
            return null;
        var path = fields.RequiredText("path", PathRules.Pattern);
        var name = fields.RequiredText("name", NetworkRules.HeaderName);
        var value = fields.RequiredText("value", NetworkRules.HeaderValue);
        fields.Finish("a header", lenient: true);
        if (name is not null && HeaderRules.ProblemOf(name) is { } problem)
            fields.Bag.Error(Codes.InvalidValue, fields.At("name"), $"'{SafeText.Word(name)}' cannot be set: {problem}", "remove the header");
        return path is null || name is null || value is null ? null : new HeaderSpec(path, name, value);
    }

    public static ValueList<RouteSpec>? BindRoutes(Fields fields) =>
        fields.List("routes", (node, at) => BindRoute(node, at, fields.Bag));

    private static RouteSpec? BindRoute(YamlNode node, NodePath at, DiagnosticBag bag)
    {
        if (Fields.Of(node, at, bag, "write 'type', 'source' and 'destination'") is not { } fields)
            return null;
        if (!fields.Has("type"))
            fields.Missing("type", "write 'type: rewrite' or 'type: redirect'");
        var kind = fields.Choice("type", Vocabulary.Routes);
        var source = fields.RequiredText("source", PathRules.Pattern);
        var destination = BindDestination(fields);
        fields.Finish("a route", lenient: true);
        return kind is null || source is null || destination is null ? null : new RouteSpec(kind.Value, source, destination);
    }

    private static string? BindDestination(Fields fields)
    {
        var destination = fields.RequiredText("destination", PathRules.Destination);
        if (destination is null || destination.StartsWith('/')
            || destination.StartsWith("https://", StringComparison.Ordinal) || destination.StartsWith("http://", StringComparison.Ordinal))
            return destination;
        fields.Bag.Warn(
            Codes.LooseValue, fields.At("destination"),
            $"'{SafeText.Word(destination)}' is neither a path nor a URL; it is read as '/{SafeText.Word(destination)}'",
            "start it with '/' or 'https://'");
        return "/" + destination;
    }
}
