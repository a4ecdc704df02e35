//! Turns an answer into "possible" or into why it is not.
