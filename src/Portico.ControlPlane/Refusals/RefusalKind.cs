namespace Portico.ControlPlane.Refusals;

/// <summary>Why a request was refused. The API maps each kind to a status.</summary>
public enum RefusalKind
{
    /// <summary>The request itself is wrong: a field, a parameter, or a combination of them.</summary>
    Invalid,

    /// <summary>The request can be read, but what was sent is not what it says it is.</summary>
    Unprocessable,

    /// <summary>The caller is known and may not do this.</summary>
    Forbidden,

    /// <summary>There is none that the caller may know of.</summary>
    NotFound,

    /// <summary>The present state does not allow it.</summary>
    Conflict,

    /// <summary>What was sent is larger than what is accepted.</summary>
    TooLarge,

    /// <summary>The caller's limit is used up for now.</summary>
    TooManyRequests,

    /// <summary>The machine's disk has too little room.</summary>
    OutOfSpace,
}
