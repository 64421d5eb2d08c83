namespace Portico.Edge.Proxy;

/// <summary>No connection could be made, so no part of a request was sent.</summary>
internal sealed class InstanceUnreachableException(string message, Exception innerException) : IOException(message, innerException);
