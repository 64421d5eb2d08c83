using System.Text.RegularExpressions;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Running;

/// <summary>Derives hints from common error messages of builds and apps.</summary>
internal static partial class FailureHints
{
    private static readonly (string Sign, string Hint)[] Signs =
    [
        (FailureTexts.TookLongerThan, "Check the log for what it was waiting for (there is no keyboard input), or raise the limit with PORTICO_BUILD_TIMEOUT_SECONDS."),
        (FailureTexts.NoAnswerWithin, "The path in healthCheckPath must respond within 5 s. Make its handler do less and wait for nothing."),
        ($"{FailureTexts.AnsweredWithStatus} 404", "The app has no route for the path in healthCheckPath. Check its spelling, or choose another path."),
        ($"{FailureTexts.AnsweredWithStatus} 400", "The app may refuse the Host of the health check, which is the service's own: its custom domain, or else its host on this platform. Allow that host (ALLOWED_HOSTS in Django)."),
        ($"{FailureTexts.AnsweredWithStatus} 421", "The app refuses the Host of the health check, which is the service's own: its custom domain, or else its host on this platform. Allow that host."),
        ($"{FailureTexts.AnsweredWithStatus} 401", "The path in healthCheckPath must respond without authentication."),
        ($"{FailureTexts.AnsweredWithStatus} 403", "The path in healthCheckPath must respond without authentication, and to the service's own Host: its custom domain, or else its host on this platform (config.hosts in Rails)."),
        ($"{FailureTexts.AnsweredWithStatus} 5", "The app runs, but its health check fails. Check what it logs when the path in healthCheckPath is requested."),
        ($"It {FailureTexts.RanOutOfMemory}: Node.js", "Choose a larger plan, or raise the limit of its heap with NODE_OPTIONS=--max-old-space-size=MEGABYTES. For a build, PORTICO_BUILD_MEMORY_MEGABYTES sets the memory."),
        (FailureTexts.BuildRanOutOfMemory, "Reduce its memory use (fewer parallel jobs, a smaller heap), or raise the limit with PORTICO_BUILD_MEMORY_MEGABYTES."),
        (FailureTexts.RanOutOfMemory, "It used more memory than its plan allows. Choose a larger plan, or reduce its memory use."),
        (FailureTexts.PrintedMoreThan, "Reduce its output, or raise the limit with PORTICO_BUILD_OUTPUT_MEGABYTES."),
        ("Cannot fork", "It reached its limit of processes. Start fewer processes at once."),
        ("Resource temporarily unavailable", "It reached its limit of processes and threads. Start fewer at once."),
        ("EADDRINUSE", "It listens on a fixed port that is already in use. Listen on the port in the PORT variable."),
        ("Address already in use", "It listens on a fixed port that is already in use. Listen on the port in the PORT variable."),
        ("Failed to bind to", "It cannot listen on this address. Listen on 0.0.0.0, on the port in the PORT variable."),
        ("annot assign requested address", "It listens on an address that this machine does not have. Listen on 0.0.0.0, on the port in the PORT variable."),
        ("command not found", "A command was not found. Install its package on this machine, or install it in the build command."),
        (": not found", "A command was not found. Install its package on this machine, or install it in the build command."),
        ("issing script:", "package.json does not define this script. Check buildCommand and startCommand."),
        ("Cannot find module", "A module was not found. Check that buildCommand installs the dependencies and that the path in startCommand is right."),
        ("ModuleNotFoundError", "A Python module was not found. Check that buildCommand installs requirements.txt into the environment that startCommand uses."),
        ("ImportError: No module named", "A Python module was not found. Check that buildCommand installs requirements.txt into the environment that startCommand uses."),
        ("no required module provides package", "A Go package was not found. Run go mod tidy and commit go.mod and go.sum."),
        ("in the list of imported crates", "A Rust crate was not found. Add it to the dependencies in Cargo.toml."),
        ("unresolved import", "A Rust crate or module was not found. Add the crate to the dependencies in Cargo.toml."),
        ("ERESOLVE", "npm found no set of versions that all packages accept. Correct the versions in package.json, or use npm ci --legacy-peer-deps."),
        ("go.mod requires go", "go.mod asks for a newer Go than this machine has. Install it for all users, or ask for an older one in go.mod."),
        ("npm ci` can only install", "package-lock.json does not match package.json. Run npm install and commit the lock file."),
        ("ENOSPC", "A disk is full: either the machine's or the service's own, which is limited by its sizeGB. Free some space and deploy again."),
        ("No space left on device", "A disk is full: either the machine's or the service's own, which is limited by its sizeGB. Free some space and deploy again."),
        ("Disk quota exceeded", "A disk is full: either the machine's or the service's own, which is limited by its sizeGB. Free some space and deploy again."),
        ("onnection refused", "A connection was refused. Check the addresses in its environment variables."),
        ("ETIMEDOUT", "A server did not respond in time. Check the addresses in its environment variables, and whether that server runs."),
        ("ESOCKETTIMEDOUT", "A server did not respond in time. Check the addresses in its environment variables, and whether that server runs."),
        ("SSL SYSCALL error: EOF", "The server closed an encrypted connection. Set the URL with fromDatabase, and check whether the database runs."),
        ("\" already exists", "The database has this already. If an earlier migration made it, mark that migration as done."),
        ("ECONNREFUSED", "A connection was refused. Check the addresses in its environment variables."),
        ("password authentication failed", "The database rejected the password. Set the URL with fromDatabase."),
        ("JavaScript heap out of memory", "Node.js ran out of memory: it reached the limit of its heap. Choose a larger plan, or raise the limit with NODE_OPTIONS=--max-old-space-size=MEGABYTES."),
        ("Reached heap limit", "It ran out of memory. Choose a larger plan."),
        ("annot allocate memory", "It ran out of memory. Choose a larger plan."),
        ("Killed", "One of its processes was killed with SIGKILL. The kernel did not report a lack of memory; look for who ended it."),
        ("NOAUTH", "The Key Value store requires its password. Set its URL with fromService and the property connectionString."),
        ("WRONGPASS", "The Key Value store rejected the password. Set its URL with fromService and the property connectionString."),
        ("could not open shared memory segment", "/dev/shm on this machine is not writable. It must be a tmpfs with mode 1777."),
        ("permission denied", "A file is not readable or executable. Check its mode (Git stores the executable bit), and write only below the root directory, /tmp and the disk."),
        ("operation not permitted", "The app is not allowed to do this. It runs without special rights: it writes only below the root directory, /tmp and the disk."),
        ("Permission denied", "A file is not readable or executable. Check its mode (Git stores the executable bit)."),
    ];

    public static string? For(string step, string message, IReadOnlyList<string> lastLines)
    {
        if (step == "pre-deploy command" && message.StartsWith("It took longer than", StringComparison.Ordinal))
            return "As on Render, a pre-deploy command may take 30 minutes. Check the log for what it was waiting for, and run longer work as a job.";
        // What Portico itself saw comes first; then what was printed last.
        foreach (var line in lastLines.Append(message).Reverse())
        {
            if (step != "health check" && Variable.Match(line) is { Success: true } missing)
                return $"The variable {missing.Groups["name"].Value} seems to be missing. Set it in envVars or in the service's environment variables.";
            if (FailureNames.HintFor(line) is { } named)
                return named;
            foreach (var (sign, hint) in Signs)
                if (line.Contains(sign, StringComparison.Ordinal))
                    return hint;
        }
        if (step != "health check" && lastLines.Any(line => AnyVariable.IsMatch(line)))
            return "A variable seems to be missing. Set it in envVars or in the service's environment variables.";
        return step switch
        {
            "health check" => "Check that it listens on 0.0.0.0 on the port in PORT, and that healthCheckPath responds with 2xx or 3xx when Host is the service's own.",
            "start" => "The start command must keep running. Run it manually to see why it exits.",
            _ => null,
        };
    }

    /// <summary>How languages and apps report a missing environment variable. Matches only names in the style of environment variables.</summary>
    [GeneratedRegex("""
        [Ee]nvironment\svariable\snot\sfound:\s(?<name>[A-Z][A-Z0-9_]{2,})
        |Cannot\sread\sprop\w*\s(of\sundefined\s\(reading\s)?'(?<name>[A-Z][A-Z0-9]*_[A-Z0-9_]+)'
        |KeyError:\s'(?<name>[A-Z][A-Z0-9_]{2,})'
        |\bkey\snot\sfound:\s"(?<name>[A-Z][A-Z0-9_]{2,})"
        |\b(?<name>[A-Z][A-Z0-9]*_[A-Z0-9_]+)['"`]?\s+(environment\svariable\s+)?(is|was|must\sbe)\s+(not\s+)?(set|missing|required|defined|provided|undefined|empty)
        |\b(missing|required|undefined|unset)\s+(required\s+)?(environment\s+|env\s+)(variable|var)s?:?\s+['"`]?(?<name>[A-Z][A-Z0-9_]{2,})
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Variable { get; }

    [GeneratedRegex(@"[Mm]issing\s(required\s)?(environment|env)\s(variable|var)")]
    private static partial Regex AnyVariable { get; }
}
