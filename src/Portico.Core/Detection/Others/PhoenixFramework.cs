using System.Text.RegularExpressions;
using Portico.Core.Detection.Files;
using Portico.Core.Services;

namespace Portico.Core.Detection.Others;

/// <summary>Phoenix. See https://render.com/docs/deploy-phoenix.</summary>
internal static class PhoenixFramework
{
    private static readonly Regex Dependency = Pattern.Of(@"\{:(\w+)\s*,");
    private static readonly Regex AppName = Pattern.Of(@"\bapp:\s*:([a-z]\w*)");
    private static readonly Regex BuildScript = Pattern.Of(@"\bmix\b");

    public static ServiceProposal? Detect(ProjectDirectory directory)
    {
        if (directory.Read("mix.exs") is not { } project || AppName.First(project) is not { } name)
            return null;
        var dependencies = Dependency.Matches(project).Take(2000).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        if (!dependencies.Contains("phoenix"))
            return null;
        var configuration = directory.Read("config/runtime.exs") ?? "";
        var needsHost = configuration.Contains("\"PHX_HOST\"", StringComparison.Ordinal) && !configuration.Contains("RENDER_EXTERNAL_HOSTNAME", StringComparison.Ordinal);
        return new ServiceProposal
        {
            Framework = "Phoenix",
            Type = ServiceType.WebService,
            Runtime = new Guess("elixir", "mix.exs has the dependency phoenix"),
            BuildCommand = Build(directory, project),
            StartCommand = new Guess(
                $"{(needsHost ? "PHX_HOST=$RENDER_EXTERNAL_HOSTNAME " : "")}_build/prod/rel/{name}/bin/server",
                $"mix.exs has the app {name}{(needsHost ? ", and config/runtime.exs reads PHX_HOST" : "")}"),
            Variables = [.. Variables(configuration, dependencies)],
        };
    }

    private static Guess Build(ProjectDirectory directory, string project)
    {
        if (BuildScript.IsFoundIn(directory.Read("build.sh")))
            return new Guess("./build.sh", "there is a build.sh that runs mix");
        var assets = project.Contains("assets.deploy", StringComparison.Ordinal) ? " && MIX_ENV=prod mix assets.deploy" : "";
        var script = directory.Has("rel/overlays/bin/server") ? "" : " && MIX_ENV=prod mix phx.gen.release";
        return new Guess(
            $"mix deps.get --only prod && MIX_ENV=prod mix compile{assets}{script} && MIX_ENV=prod mix release --overwrite", "this is how Phoenix builds a release");
    }

    private static IEnumerable<VariableProposal> Variables(string configuration, HashSet<string> dependencies)
    {
        yield return new VariableProposal("SECRET_KEY_BASE", VariableSource.Generated, null, "Phoenix signs cookies with it");
        if (dependencies.Contains("postgrex") && configuration.Contains("\"DATABASE_URL\"", StringComparison.Ordinal))
            yield return new VariableProposal("DATABASE_URL", VariableSource.Database, null, "config/runtime.exs reads it, and mix.exs has the dependency postgrex");
    }
}
