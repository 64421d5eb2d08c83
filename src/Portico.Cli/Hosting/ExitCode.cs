namespace Portico.Cli.Hosting;

/// <summary>What scripts branch on; documented in <c>docs/cli.md</c>.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>Something failed, or is not live.</summary>
    public const int Failure = 1;

    /// <summary>The command line, a setting or the Blueprint is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The platform cannot start, for example because its port is taken.</summary>
    public const int CannotStart = 3;

    /// <summary>Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;

    /// <summary>Whoever read the output has gone, as shells count it.</summary>
    public const int OutputClosed = 141;
}
