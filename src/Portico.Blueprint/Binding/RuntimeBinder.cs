using Portico.Blueprint.Diagnostics;

namespace Portico.Blueprint.Binding;

/// <summary>Reads <c>runtime</c> or its old name <c>env</c>, or derives the runtime from other fields.</summary>
internal static class RuntimeBinder
{
    public static string? Bind(Fields fields, ServiceType type)
    {
        var runtime = Read(fields, "runtime");
        var env = Read(fields, "env");
        if (env is not null)
            fields.Bag.Warn(Codes.LegacySpelling, fields.At("env"), "'env' is the old name of 'runtime'", $"write 'runtime: {env}'");
        if (runtime is not null && env is not null && runtime != env)
            fields.Bag.Error(Codes.Conflict, fields.At("env"), $"'runtime' is {runtime}, but 'env' is {env}", "remove 'env'");
        if (type == ServiceType.Static)
            return BindStatic(fields, runtime ?? env);
        var given = runtime ?? env;
        if (given == "static" && type != ServiceType.Web)
            fields.Bag.Error(
                Codes.Conflict, fields.At(runtime is null ? "env" : "runtime"), "only a service of type 'web' can be static", "write 'type: web'");
        if (given is not null || fields.Has("runtime") || fields.Has("env"))
            return given;
        return Derive(fields);
    }

    private static string BindStatic(Fields fields, string? given)
    {
        fields.Bag.Warn(
            Codes.LegacySpelling, fields.At("type"), "'type: static' is read as a static site",
            "write 'type: web' and 'runtime: static'");
        if (given is not (null or "static"))
            fields.Bag.Error(Codes.Conflict, fields.At("runtime"), $"a static site cannot have the runtime {given}");
        return "static";
    }

    private static string? Derive(Fields fields)
    {
        var derived = fields.Has("image") ? ("image", "image")
            : fields.Has("dockerfilePath") ? ("docker", "dockerfilePath")
            : fields.Has("staticPublishPath") ? ("static", "staticPublishPath")
            : ((string Runtime, string Field)?)null;
        if (derived is not { } found)
        {
            fields.Missing("runtime", $"one of {SafeText.Words(Vocabulary.Runtimes)}");
            return null;
        }
        fields.Bag.Warn(
            Codes.MissingField, fields.Origin, $"'runtime' is missing; '{found.Runtime}' is assumed because '{found.Field}' is set",
            $"write 'runtime: {found.Runtime}'");
        return found.Runtime;
    }

    private static string? Read(Fields fields, string field)
    {
        if (fields.Scalar(field) is not { } given)
            return null;
        if (Vocabulary.Runtimes.Contains(given.Text))
            return given.Text;
        var lower = given.Text.ToLowerInvariant();
        if (Vocabulary.Runtimes.Contains(lower))
        {
            fields.Legacy(given, field, $"'{SafeText.Word(given.Text)}' is read as '{lower}'");
            return lower;
        }
        fields.NotOneOf(field, given, Vocabulary.Runtimes);
        return null;
    }
}
