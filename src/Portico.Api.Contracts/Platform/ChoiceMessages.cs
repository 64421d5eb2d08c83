namespace Portico.Api.Contracts.Platform;

/// <summary>What can be chosen for new services and data stores on this platform: <c>GET /portico/v1/choices</c>.</summary>
/// <param name="Runtimes">The languages that services can be written in, by name.</param>
/// <param name="PostgresVersions">The major versions of PostgreSQL, newest first.</param>
/// <param name="ServicePlans">The plans of all services except static sites, smallest first.</param>
public sealed record ResourceChoices(
    IReadOnlyList<RuntimeChoice> Runtimes, IReadOnlyList<string> PostgresVersions,
    IReadOnlyList<PlanChoice> ServicePlans, IReadOnlyList<PlanChoice> PostgresPlans, IReadOnlyList<PlanChoice> KeyValuePlans);

/// <param name="Problem">Why it cannot be used now, and what to do; null when it can.</param>
public sealed record RuntimeChoice(string Name, string? Problem);

/// <param name="Name">The plan in the spelling of Render's API.</param>
/// <param name="MemoryBytes">The memory of an instance.</param>
/// <param name="CpuMillis">The processor time of an instance, in thousandths of a core; null without a limit.</param>
/// <param name="IsDefault">Whether it is the plan of a resource that names none.</param>
public sealed record PlanChoice(string Name, long MemoryBytes, int? CpuMillis, bool IsDefault);
