using System.Diagnostics;

namespace Portico.Hosting.Processes;

/// <summary>
/// How Portico calls git: with an argument array, and without the user's or the machine's configuration, hooks, file system
/// monitors, prompts or <c>GIT_*</c> variables.
/// </summary>
public static class GitProcess
{
    private static readonly string[] Isolation = ["core.hooksPath=/dev/null", "core.fsmonitor=false", "gc.auto=0", "safe.directory=*"];

    /// <param name="settings">Configuration of this call beyond that, as <c>name=value</c>.</param>
    /// <param name="arguments">Start with the command. References and paths from outside follow <c>--</c>.</param>
    /// <param name="environment">What git inherits, without its <c>GIT_*</c> variables except for <c>GIT_SSL_CAINFO</c>.</param>
    /// <param name="overrides">Variables of this call, which may be <c>GIT_*</c> variables.</param>
    public static ProcessStartInfo StartInfo(
        string directory, IEnumerable<string> settings, IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>> environment, IEnumerable<KeyValuePair<string, string>> overrides)
    {
        var start = new ProcessStartInfo("git", [.. Isolation.Concat(settings).SelectMany(setting => new[] { "-c", setting }), .. arguments])
        {
            WorkingDirectory = directory,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment.Where(variable => IsInherited(variable.Key)))
            start.Environment[name] = value;
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        foreach (var (name, value) in overrides)
            start.Environment[name] = value;
        return start;
    }

    /// <summary>The certificate authorities of a company's network are needed to connect at all.</summary>
    private static bool IsInherited(string name) => name is "GIT_SSL_CAINFO" || !name.StartsWith("GIT_", StringComparison.Ordinal);
}
