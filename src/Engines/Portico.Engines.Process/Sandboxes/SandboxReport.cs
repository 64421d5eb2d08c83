namespace Portico.Engines.Process.Sandboxes;

/// <summary>Says for users what keeps workloads apart on this machine, and what does not.</summary>
internal static class SandboxReport
{
    private const string Confined = " Git works on each repository under an account number of its own, and in a sandbox.";
    private const string Unconfined = " Git reads repositories with Portico's own rights.";

    /// <param name="isRoot">Whether the engine can switch accounts.</param>
    /// <param name="restriction">Why there is no sandbox; null if there is one.</param>
    /// <param name="hasNetwork">Whether each workload has a network of its own.</param>
    public static string Of(bool isRoot, string? restriction, bool hasNetwork) =>
        OfWorkloads(isRoot, restriction, hasNetwork) + (isRoot && restriction is null ? Confined : Unconfined);

    private static string OfWorkloads(bool isRoot, string? restriction, bool hasNetwork) => (isRoot, restriction) switch
    {
        (true, null) when hasNetwork => "each service, build, job and data store runs in a sandbox under an account number of its own, and sees no files and processes of others. Each has a network of its own, and reaches only its workspace, the edge and other machines.",
        (true, null) => "each service, build, job and data store runs in a sandbox under an account number of its own, and sees no files and processes of others. They share the machine's network.",
        (false, null) => "each service, build, job and data store runs in a sandbox and sees no files and processes of others. All of them have the rights of Portico's own account, and share the machine's network.",
        (true, _) => $"there are no sandboxes, because {restriction} Each service and data store has an account number of its own, so they cannot read each other's private files, but they see the machine's files and processes.",
        (false, _) => $"there are no sandboxes, because {restriction} All builds and services run as the account of Portico itself, and can read each other's files and Portico's own.",
    };
}
