namespace Portico.RenderApi.Tests.Conformance;

/// <summary>A scenario has come to an operation that does not exist yet.</summary>
internal sealed class NotYetException(string operation) : Exception($"{operation} does not exist yet.");
