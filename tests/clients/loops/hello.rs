// SPDX-License-Identifier: MIT
// hello HOST:PORT: connect, say hi, and print the answer.
use std::{env, io::{Read, Write}, net::TcpStream};

fn main() {
    let mut s = TcpStream::connect(env::args().nth(1).unwrap()).unwrap();
    s.write_all(b"hi").unwrap();
    let mut answer = [0; 2];
    s.read_exact(&mut answer).unwrap();
    println!("answer: {}", String::from_utf8_lossy(&answer));
}
