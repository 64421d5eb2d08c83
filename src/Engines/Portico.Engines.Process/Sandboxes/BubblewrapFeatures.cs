namespace Portico.Engines.Process.Sandboxes;

/// <summary>What the installed version of bubblewrap can do.</summary>
/// <param name="DisablesUserNamespaces">From 0.8. The filter for system calls refuses new user namespaces in any case.</param>
/// <param name="LimitsSize">From 0.7. Without it, a temporary file system may take half of the machine's memory, within the limit of its control group.</param>
internal sealed record BubblewrapFeatures(bool DisablesUserNamespaces, bool LimitsSize)
{
    public static async Task<BubblewrapFeatures> OfAsync(string program, CancellationToken cancellationToken)
    {
        var help = (await Tool.RunAsync([program, "--help"], cancellationToken)).Output;
        return new BubblewrapFeatures(help.Contains("--disable-userns", StringComparison.Ordinal), help.Contains("--size", StringComparison.Ordinal));
    }
}
