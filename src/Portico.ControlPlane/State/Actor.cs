namespace Portico.ControlPlane.State;

/// <summary>The user who asked for something, as they were then: events name them even after they are gone.</summary>
public sealed record Actor(string Id, string Email);
