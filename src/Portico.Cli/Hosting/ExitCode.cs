namespace Portico.Cli.Hosting;

/// <summary>The exit codes of the command, documented in <c>docs/cli.md</c>.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>Something failed, or is not live.</summary>
    public const int Failure = 1;

    /// <summary>The command line, a setting or the Blueprint is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The platform cannot start, for example because its port is in use.</summary>
    public const int CannotStart = 3;

    /// <summary>The user pressed Ctrl-C: 128 + SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>The reader of standard output closed it: 128 + SIGPIPE.</summary>
    public const int OutputClosed = 141;
}
