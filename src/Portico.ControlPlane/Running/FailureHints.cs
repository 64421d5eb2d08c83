using System.Text.RegularExpressions;

namespace Portico.ControlPlane.Running;

/// <summary>Knows what usual last words of a build or app mean.</summary>
public static partial class FailureHints
{
    private static readonly (string Sign, string Hint)[] Signs =
    [
        ("It took longer than", "See in the log what it waits for (input from a keyboard never comes), or allow it more time with PORTICO_BUILD_TIMEOUT_SECONDS."),
        ("got no answer within", "The path in healthCheckPath must answer within 5 s: let it do less, and wait for nothing."),
        ("answered with status 404", "The app does not know the path in healthCheckPath. Check its spelling, or choose another one."),
        ("answered with status 401", "The path in healthCheckPath must answer without a login."),
        ("answered with status 403", "The path in healthCheckPath must answer without a login."),
        ("answered with status 5", "The app runs, but its health check fails. See what it logs when the path in healthCheckPath is asked."),
        ("It ran out of memory: a build", "Let it use less (fewer jobs at once, a smaller heap), or allow builds more with PORTICO_BUILD_MEMORY_MEGABYTES."),
        ("ran out of memory", "It used more memory than its plan has. Choose a larger plan, or let it use less."),
        ("It printed more than", "Let it print less, or allow more with PORTICO_BUILD_OUTPUT_MEGABYTES."),
        ("Cannot fork", "It started more processes at once than it may have. Let it start fewer."),
        ("Resource temporarily unavailable", "It started more processes or threads at once than it may have. Let it start fewer."),
        ("EADDRINUSE", "It listens on a fixed port that is taken. Let it listen on the port in the PORT variable."),
        ("Address already in use", "It listens on a fixed port that is taken. Let it listen on the port in the PORT variable."),
        ("command not found", "A command is missing. Install its package on this machine, or add it to the build command."),
        (": not found", "A command is missing. Install its package on this machine, or add it to the build command."),
        ("Missing script:", "package.json has no such script. Check buildCommand and startCommand."),
        ("Cannot find module", "A module is missing. Check that buildCommand installs the dependencies, and the path in startCommand."),
        ("ModuleNotFoundError", "A Python module is missing. Check that buildCommand installs requirements.txt into what startCommand uses."),
        ("npm ci` can only install", "package-lock.json does not match package.json. Run npm install and commit the lock file."),
        ("ENOSPC", "The disk is full: the machine's, or the service's own, which holds its sizeGB. Make room and deploy again."),
        ("No space left on device", "The disk is full: the machine's, or the service's own, which holds its sizeGB. Make room and deploy again."),
        ("ECONNREFUSED", "Something that it connects to did not answer. Check the addresses in its variables."),
        ("password authentication failed", "The database refused the password. Take the URL from the database with fromDatabase."),
        ("JavaScript heap out of memory", "It ran out of memory. Choose a larger plan."),
        ("Killed", "It was ended from outside, often for lack of memory. Choose a larger plan."),
        ("could not open shared memory segment", "/dev/shm of this machine cannot be written. It should be a tmpfs with mode 1777."),
        ("Permission denied", "A file may not be read or executed. Check its mode (git keeps the executable bit)."),
    ];

    public static string? For(string step, string message, IReadOnlyList<string> lastLines)
    {
        // What Portico itself saw comes first; then what was printed last.
        foreach (var line in lastLines.Append(message).Reverse())
        {
            if (step != "health check" && Variable.Match(line) is { Success: true } missing)
                return $"The variable {missing.Groups["name"].Value} seems to be missing. Set it in envVars, or in the service's environment.";
            foreach (var (sign, hint) in Signs)
                if (line.Contains(sign, StringComparison.Ordinal))
                    return hint;
        }
        return step switch
        {
            "health check" => "Check that it listens on 0.0.0.0 at the port in PORT, and that healthCheckPath answers 2xx or 3xx.",
            "start" => "The start command must keep running. Run it by hand to see why it ends.",
            _ => null,
        };
    }

    /// <summary>How languages and apps say that a variable is not set: only for names that are written as those of variables are.</summary>
    [GeneratedRegex("""
        KeyError:\s'(?<name>[A-Z][A-Z0-9_]{2,})'
        |\bkey\snot\sfound:\s"(?<name>[A-Z][A-Z0-9_]{2,})"
        |\b(?<name>[A-Z][A-Z0-9]*_[A-Z0-9_]+)['"`]?\s+(environment\svariable\s+)?(is|was|must\sbe)\s+(not\s+)?(set|missing|required|defined|provided|undefined|empty)
        |\b(missing|required|undefined|unset)\s+(required\s+)?(environment\s+|env\s+)(variable|var)s?:?\s+['"`]?(?<name>[A-Z][A-Z0-9_]{2,})
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Variable { get; }
}
