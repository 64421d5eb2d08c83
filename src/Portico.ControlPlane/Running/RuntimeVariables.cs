using System.Globalization;
using Portico.Core.Engines;
using Portico.Core.Services;

namespace Portico.ControlPlane.Running;

/// <summary>
/// The variables that Render sets by runtime and plan, for builds, revisions and instances. The service's own variables
/// override them.
/// </summary>
/// <remarks>
/// See https://render.com/docs/environment-variables. Paths below <c>/opt/render</c> are left out, because workloads do not see
/// that directory. Where several instances share this machine, a value that Render can fix differs for each instance.
/// </remarks>
internal static class RuntimeVariables
{
    /// <param name="limits">The plan's, also where a build itself may use more.</param>
    public static Dictionary<string, string> OfBuild(string runtime, ResourceLimits limits)
    {
        var variables = OfRuntime(runtime);
        if (runtime == "python")
            variables["CI"] = "true";
        // A static site has no plan.
        if (runtime != "static")
            AddProcessors(variables, limits);
        return variables;
    }

    public static Dictionary<string, string> OfRun(string runtime, ServiceType type, ResourceLimits limits)
    {
        var variables = OfRuntime(runtime);
        if (runtime == "node")
            variables["NODE_ENV"] = "production";
        AddProcessors(variables, limits);
        if (type.Listens() && limits.CpuMillis is { } millis)
            variables["WEB_CONCURRENCY"] = variables["RENDER_WEB_CONCURRENCY"] =
                Math.Max(1, millis / 1000).ToString(CultureInfo.InvariantCulture);
        return variables;
    }

    /// <summary>Templates: see <see cref="Revision.InstanceVariables"/>.</summary>
    public static Dictionary<string, string> OfInstance(string runtime)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["RENDER_INSTANCE_ID"] = "{instance}" };
        foreach (var (key, value) in OfInstanceBy(runtime))
            variables[key] = value;
        return variables;
    }

    private static Dictionary<string, string> OfRuntime(string runtime) => runtime switch
    {
        "elixir" => new()
        {
            ["MIX_ENV"] = "prod",
            // Render has "name". Here a new instance would then refuse to start beside its predecessor, which has that name.
            ["RELEASE_DISTRIBUTION"] = "none",
        },
        "go" => new() { ["GO111MODULE"] = "on" },
        "node" => new() { ["NODE_MODULES_CACHE"] = "true" },
        "python" => new() { ["FORWARDED_ALLOW_IPS"] = "*", ["PIPENV_YES"] = "true" },
        "ruby" => new()
        {
            ["BUNDLE_PATH"] = "vendor/bundle",
            ["MALLOC_ARENA_MAX"] = "2",
            ["PASSENGER_ENGINE"] = "builtin",
            ["PASSENGER_ENVIRONMENT"] = "production",
            ["RAILS_ENV"] = "production",
            ["RAILS_LOG_TO_STDOUT"] = "true",
            ["RAILS_SERVE_STATIC_FILES"] = "true",
        },
        "rust" => new() { ["ROCKET_ENV"] = "prod" },
        _ => [],
    };

    private static Dictionary<string, string> OfInstanceBy(string runtime) => runtime switch
    {
        "dotnet" => new() { ["HTTP_PORTS"] = "{port}" },
        "python" => new() { ["GUNICORN_CMD_ARGS"] = "--preload --access-logfile - --bind=0.0.0.0:{port}" },
        "ruby" => new() { ["PASSENGER_PORT"] = "{port}", ["PIDFILE"] = "/tmp/puma-{instance}.pid" },
        "rust" => new() { ["ROCKET_PORT"] = "{port}" },
        _ => [],
    };

    /// <summary>The processors of the plan, which may be a fraction of one: <c>0.5</c> for <c>starter</c>.</summary>
    private static void AddProcessors(Dictionary<string, string> variables, ResourceLimits limits)
    {
        if (limits.CpuMillis is { } millis)
            variables["RENDER_CPU_COUNT"] = (millis / 1000m).ToString("0.###", CultureInfo.InvariantCulture);
    }
}
