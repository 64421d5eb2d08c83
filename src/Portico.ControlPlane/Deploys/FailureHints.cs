namespace Portico.ControlPlane.Deploys;

/// <summary>Knows what usual last words of a build or app mean.</summary>
public static class FailureHints
{
    private static readonly (string Sign, string Hint)[] Signs =
    [
        ("It took longer than", "See in the log what it waits for (input from a keyboard never comes), or allow it more time with PORTICO_BUILD_TIMEOUT_SECONDS."),
        ("It ran out of memory: a build", "Let it use less (fewer jobs at once, a smaller heap), or allow builds more with PORTICO_BUILD_MEMORY_MEGABYTES."),
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
        ("ENOSPC", "The disk is full. Free some space and deploy again."),
        ("No space left on device", "The disk is full. Free some space and deploy again."),
        ("ECONNREFUSED", "Something that it connects to did not answer. Check the addresses in its variables."),
        ("password authentication failed", "The database refused the password. Take the URL from the database with fromDatabase."),
        ("JavaScript heap out of memory", "It ran out of memory. Choose a larger plan."),
        ("Killed", "It was ended from outside, often for lack of memory. Choose a larger plan."),
        ("could not open shared memory segment", "/dev/shm of this machine cannot be written. It should be a tmpfs with mode 1777."),
        ("Permission denied", "A file may not be read or executed. Check its mode (git keeps the executable bit)."),
    ];

    public static string? For(string step, IReadOnlyList<string> lastLines)
    {
        foreach (var line in lastLines.Reverse())
            foreach (var (sign, hint) in Signs)
                if (line.Contains(sign, StringComparison.Ordinal))
                    return hint;
        return step switch
        {
            "health check" => "Check that it listens on 0.0.0.0 at the port in PORT, and that healthCheckPath answers 2xx or 3xx.",
            "start" => "The start command must keep running. Run it by hand to see why it ends.",
            _ => null,
        };
    }
}
