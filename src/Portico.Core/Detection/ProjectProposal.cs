namespace Portico.Core.Detection;

/// <summary>What was found in a project.</summary>
/// <param name="Services">In the order of their directories; none if nothing was recognized.</param>
/// <param name="IsEmpty">Whether the project has no files at all.</param>
/// <param name="IsCut">Whether the project has more files than are looked at.</param>
public sealed record ProjectProposal(IReadOnlyList<ServiceProposal> Services, bool IsEmpty, bool IsCut);
