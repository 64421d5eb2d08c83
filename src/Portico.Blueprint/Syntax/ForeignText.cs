using System.Text.RegularExpressions;

namespace Portico.Blueprint.Syntax;

/// <summary>Recognizes files of other tools that are no YAML, or lines that happen to be, by what their lines look like.</summary>
internal static partial class ForeignText
{
    // Enough to tell; a hostile file may have millions of lines.
    private const int MostLines = 200;

    private const string Translate = "describe the app in a render.yaml instead: https://render.com/docs/blueprint-spec";

    /// <summary>Words by which a TOML file of one tool differs from others, the most telling first.</summary>
    private static readonly (string[] Marks, ForeignFile File)[] TomlFiles =
    [
        (["primary_region", "[http_service]", "[[services]]", "[[vm]]", "kill_signal", "[[mounts]]", "[processes]"], new("a fly.toml",
            "write the app as '- type: web' with 'healthCheckPath' for its checks, 'disk' for its mounts and 'envVars' for [env]")),
        (["publish =", "[[redirects]]", "[context"], new("a netlify.toml",
            "write the site as '- type: web' with 'runtime: static', 'staticPublishPath' for 'publish', and 'routes' for its redirects")),
        (["[phases"], new("a nixpacks.toml", "write its commands as 'buildCommand' and 'startCommand' of a service in a render.yaml")),
        (["builder =", "startCommand =", "healthcheckPath ="], new("a railway.toml",
            "write the service as '- type: web' with 'buildCommand', 'startCommand' and 'healthCheckPath' from its build and deploy sections")),
        (["[tool.", "[build-system]", "[project]"], new("a pyproject.toml", "keep it, and write a render.yaml beside it that names its commands")),
        (["[package]", "[dependencies]", "[workspace]"], new("a Cargo.toml", "keep it, and write a render.yaml beside it that names its commands")),
    ];

    private static readonly HashSet<string> ProcessTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        "web", "worker", "workers", "release", "clock", "scheduler", "cron", "beat", "sidekiq", "urgentworker", "jobs", "console", "postdeploy",
    };

    public static ForeignFile? Recognize(string text)
    {
        var lines = text.Split('\n', MostLines + 1).Take(MostLines).Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        if (lines.Count == 0)
            return null;
        if (lines[0].StartsWith("#!", StringComparison.Ordinal))
            return new ForeignFile("a script", "pass a render.yaml");
        if (lines[0][0] == '<')
            return new ForeignFile("an HTML or XML page", "pass a render.yaml; if it was downloaded, the server answered with a page in its place");
        var content = lines.Where(line => line[0] != '#').ToList();
        return content.Count == 0 ? null : Toml(content) ?? Docker(content) ?? Terraform(content) ?? Variables(content) ?? Processes(content);
    }

    private static ForeignFile? Toml(List<string> lines)
    {
        var hasTable = lines.Any(line => TomlTable().IsMatch(line));
        var assigns = lines.Count(line => TomlValue().IsMatch(line));
        if (assigns == 0 || (!hasTable && assigns < lines.Count) || lines.Any(line => TerraformBlock().IsMatch(line)))
            return null;
        var whole = string.Join('\n', lines);
        foreach (var (marks, file) in TomlFiles)
            if (marks.Any(mark => whole.Contains(mark, StringComparison.Ordinal)))
                return file;
        return hasTable ? new ForeignFile("a TOML file", Translate) : null;
    }

    private static ForeignFile? Docker(List<string> lines) =>
        DockerStart().IsMatch(lines[0]) && lines.Any(line => line.StartsWith("FROM ", StringComparison.OrdinalIgnoreCase))
            ? new ForeignFile("a Dockerfile",
                "write a render.yaml beside it; 'runtime: docker' builds it where a container engine is available, otherwise name a native runtime and its commands")
            : null;

    private static ForeignFile? Terraform(List<string> lines) => lines.Any(line => TerraformBlock().IsMatch(line))
        ? new ForeignFile("a Terraform configuration", "apply it with Terraform, or describe the same resources in a render.yaml")
        : null;

    private static ForeignFile? Variables(List<string> lines) => lines.All(line => Variable().IsMatch(line))
        ? new ForeignFile("a file of environment variables", "write them as 'envVars' of a service, secrets with 'sync: false'")
        : null;

    private static ForeignFile? Processes(List<string> lines) =>
        lines.All(line => Process().IsMatch(line)) && lines.Any(line => ProcessTypes.Contains(line[..line.IndexOf(':', StringComparison.Ordinal)]))
            ? new ForeignFile("a Procfile",
                "write 'web' as '- type: web' with its command as 'startCommand', each other process as 'type: worker', and 'release' as 'preDeployCommand'")
            : null;

    [GeneratedRegex(@"^\[{1,2}[A-Za-z0-9_.\-""' ]+\]{1,2}\s*(#.*)?$")]
    private static partial Regex TomlTable();

    [GeneratedRegex(@"^[A-Za-z0-9_.\-""]+\s+=\s|^[A-Za-z0-9_.\-]+\s*=\s*([""'\[{]|true|false|\d)")]
    private static partial Regex TomlValue();

    [GeneratedRegex(@"^(FROM|ARG)\s+\S", RegexOptions.IgnoreCase)]
    private static partial Regex DockerStart();

    [GeneratedRegex(@"^(resource|provider|terraform|variable|module|data|output|locals)\b[^:]*\{$")]
    private static partial Regex TerraformBlock();

    [GeneratedRegex(@"^(export\s+)?[A-Za-z_][A-Za-z0-9_.]*=")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^[A-Za-z0-9_-]+:\s*\S")]
    private static partial Regex Process();
}
