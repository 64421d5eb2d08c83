namespace Portico.ControlPlane.State;

/// <summary>The user who requested something, with their data at that time. Events name them even after they are deleted.</summary>
internal sealed record Actor(string Id, string Email);
