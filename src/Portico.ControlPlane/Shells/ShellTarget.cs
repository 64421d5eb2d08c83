using Portico.Core.Engines;

namespace Portico.ControlPlane.Shells;

/// <summary>Where the command of a session runs.</summary>
/// <param name="Service">The id of the service.</param>
/// <param name="Instance">The running instance; null if the command gets a sandbox of its own.</param>
/// <param name="Limits">The limits of a sandbox of its own; null for those of the service.</param>
internal sealed record ShellTarget(string Service, string Workspace, InstanceId? Instance, ResourceLimits? Limits = null);
