using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;
using Portico.Blueprint.Rules;
using Portico.Blueprint.Syntax;

namespace Portico.Blueprint.Binding;

/// <summary>Reads the root of the file, projects and environments.</summary>
internal static class FileBinder
{
    public static BlueprintFile? Bind(YamlNode root, DiagnosticBag bag)
    {
        if (Fields.Of(root, NodePath.Root, bag, "start with 'services:' and a list") is not { } fields)
            return null;
        var file = new BlueprintFile
        {
            Version = fields.Text("version", value => value == "1" ? null : new Problem($"unknown version '{SafeText.Word(value)}'", "write '1'")),
            Previews = BindPreviews(fields),
            Resources = ResourceBinder.Bind(fields),
            Ungrouped = BindUngrouped(fields),
            Projects = fields.List("projects", (node, at) => BindProject(node, at, bag)),
        };
        fields.Finish("a Blueprint");
        return file;
    }

    private static RootPreviews? BindPreviews(Fields fields)
    {
        var previews = fields.Map("previews");
        var generation = previews?.Choice("generation", Vocabulary.Previews);
        var expire = previews?.Whole("expireAfterDays", 1);
        previews?.Finish("'previews'");
        var enabled = fields.Flag("previewsEnabled");
        var oldExpire = fields.Whole("previewsExpireAfterDays", 1);
        if (enabled is not null)
            fields.Bag.Warn(Codes.LegacySpelling, fields.At("previewsEnabled"), "'previewsEnabled' is deprecated", "use 'previews.generation'");
        if (oldExpire is not null)
            fields.Bag.Warn(Codes.LegacySpelling, fields.At("previewsExpireAfterDays"), "'previewsExpireAfterDays' is deprecated", "use 'previews.expireAfterDays'");
        if (previews is null && enabled is null && oldExpire is null)
            return null;
        return new RootPreviews
        {
            Generation = generation ?? (enabled is { } on ? (on ? PreviewGeneration.Automatic : PreviewGeneration.Off) : null),
            ExpireAfterDays = expire ?? oldExpire,
            Origin = previews?.Origin ?? fields.Origin,
        };
    }

    private static ResourceLists? BindUngrouped(Fields fields)
    {
        if (fields.Map("ungrouped") is not { } ungrouped)
            return null;
        var lists = ResourceBinder.Bind(ungrouped);
        ungrouped.Finish("'ungrouped'");
        return lists;
    }

    private static ProjectSpec? BindProject(YamlNode node, NodePath at, DiagnosticBag bag)
    {
        if (Fields.Of(node, at, bag) is not { } fields)
            return null;
        var name = fields.RequiredText("name", NameRules.Label);
        if (!fields.Has("environments"))
            fields.Missing("environments");
        var environments = fields.List("environments", (item, path) => BindEnvironment(item, path, bag));
        fields.Finish("a project");
        return name is null ? null : new ProjectSpec { Name = name, Environments = environments ?? [], Origin = fields.Origin };
    }

    private static EnvironmentSpec? BindEnvironment(YamlNode node, NodePath at, DiagnosticBag bag)
    {
        if (Fields.Of(node, at, bag) is not { } fields)
            return null;
        var name = fields.RequiredText("name", NameRules.Label);
        var networking = fields.Map("networking");
        var permissions = fields.Map("permissions");
        var environment = new EnvironmentSpec
        {
            Name = name ?? "",
            Resources = ResourceBinder.Bind(fields),
            Isolated = networking?.Choice("isolation", Vocabulary.Switch),
            Protected = permissions?.Choice("protection", Vocabulary.Switch),
            Origin = fields.Origin,
        };
        networking?.Finish("'networking'");
        permissions?.Finish("'permissions'");
        fields.Finish("an environment");
        return name is null ? null : environment;
    }
}
