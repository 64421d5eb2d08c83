using Portico.Core.Engines;

namespace Portico.Engines.Process.Workloads;

/// <summary>Creates the environment variables of a workload. From the engine's own environment it takes only <see cref="InheritedVariables"/>.</summary>
internal static class WorkloadEnvironment
{
    private const string PortPlace = "{port}", InstancePlace = "{instance}";

    /// <param name="path">The directories of <c>PATH</c>.</param>
    /// <param name="home">A directory that the workload can write to.</param>
    /// <param name="inherited">The variables from the operator's environment.</param>
    /// <param name="overrides">The caller's variables, which take precedence.</param>
    public static Dictionary<string, string> Make(
        IReadOnlyList<string> path, string home, string account, IReadOnlyDictionary<string, string> inherited,
        IEnumerable<KeyValuePair<string, string>> overrides)
    {
        var variables = new Dictionary<string, string>
        {
            ["PATH"] = string.Join(':', path),
            ["HOME"] = home,
            ["USER"] = account,
            ["LOGNAME"] = account,
            ["SHELL"] = Launcher.Shell,
            ["LANG"] = "C.UTF-8",
        };
        foreach (var (name, value) in inherited)
            variables[name] = value;
        // With these headers, native modules are compiled without a download.
        if (Directory.Exists("/usr/include/node"))
            variables["npm_config_nodedir"] = "/usr";
        foreach (var (name, value) in overrides)
            variables[name] = value;
        return variables;
    }

    /// <summary>Returns <c>PORT</c>, the variables that differ for each instance, and the revision's variables, which take precedence.</summary>
    /// <param name="instance">The id of the instance or job.</param>
    public static IEnumerable<KeyValuePair<string, string>> ForInstance(Revision revision, string instance, int? port)
    {
        var text = port?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        IEnumerable<KeyValuePair<string, string>> portItself = text is null ? [] : [new("PORT", text)];
        var before = revision.InstanceVariables
            .Where(variable => text is not null || !variable.Value.Contains(PortPlace, StringComparison.Ordinal))
            .Select(variable => KeyValuePair.Create(variable.Key, variable.Value
                .Replace(PortPlace, text, StringComparison.Ordinal).Replace(InstancePlace, instance, StringComparison.Ordinal)));
        var all = portItself.Concat(before).Concat(revision.Environment);
        return revision.Port is PortBinding.Assigned ? all.Concat(portItself) : all;
    }
}
